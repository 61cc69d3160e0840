import { type Disposable, effect, untracked } from "#base";
import type { OpenStudy } from "#session";
import { SURFACE_SMOOTHING, type ViewState } from "#views";

/** Has the study make its surfaces while the views show labels as surfaces. */
export function followSurfaces({ surfaces }: OpenStudy, state: ViewState): Disposable {
  const stop = effect(() => {
    const wanted = state.labelsInVolume.value === "surfaces" && state.labelsVisible.value;
    const rounds = wanted ? SURFACE_SMOOTHING[state.volume.surfaceSmoothing.value] : undefined;
    untracked(() => surfaces.show(rounds));
  });
  return {
    dispose: () => {
      stop();
      surfaces.show(undefined);
    },
  };
}
