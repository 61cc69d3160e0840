import { For, type JSX, Show } from "solid-js";
import type { StudyRecord } from "#storage";
import { gridsOverlap, ImageGrid } from "#volume";
import { formatDims, formatSpacing } from "../format.ts";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";
import { StudyPicture } from "../parts/study-picture.tsx";

/** Which volume is shown over the open one: one of the list of studies, or files. */
export function OverlayDialog(): JSX.Element {
  const ui = useUi();
  const close = (): void => ui.showDialog(undefined);
  const taken = (): readonly (string | undefined)[] => [
    ui.study()?.volumeId,
    ...ui.overlays().map((overlay) => overlay.id),
  ];
  const open = () => ui.study()?.description.grid;
  const fits = (study: StudyRecord): boolean => {
    const grid = open();
    return grid !== undefined && gridsOverlap(new ImageGrid(grid), new ImageGrid(study.description.grid));
  };
  /** Those that lie here first. */
  const studies = () => {
    const free = ui.studies().filter(({ volumeId, state }) => state === "ready" && !taken().includes(volumeId));
    return [...free.filter(fits), ...free.filter((study) => !fits(study))];
  };
  const pick = (purpose: "overlayFiles" | "overlayFolder"): void => {
    close();
    ui.pickFiles(purpose);
  };
  return (
    <Modal
      title="Show a volume over this one"
      description="Another scan of the same place, as PET over CT or FLAIR over T1. It is placed by its own geometry and shown in colours in the planes."
      size="medium"
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="button" class="button" onClick={() => pick("overlayFolder")}>
            Choose a folder…
          </button>
          <button type="button" class="button button-primary" onClick={() => pick("overlayFiles")}>
            Choose files…
          </button>
        </>
      }
    >
      <Show when={studies().length > 0} fallback={<p class="muted">No other study is in this browser.</p>}>
        <ul class="overlay-studies" aria-label="Studies">
          <For each={studies()}>
            {(study) => (
              <li>
                <button
                  type="button"
                  class="choice overlay-study"
                  aria-label={study.description.name}
                  disabled={!fits(study)}
                  onClick={() => {
                    close();
                    void ui.run("overlay.add", { volumeId: study.volumeId });
                  }}
                >
                  <StudyPicture study={study} />
                  <span>
                    <strong>
                      {study.description.name} {study.description.modality}
                    </strong>
                    <span class="muted">
                      {fits(study)
                        ? `${formatDims(study.description.grid.dims)} · ${formatSpacing(new ImageGrid(study.description.grid))}`
                        : "Does not overlap the open volume"}
                    </span>
                  </span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Modal>
  );
}
