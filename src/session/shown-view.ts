import { computed, effect, type ReadonlySignal, signal } from "#base";
import { applyViewChange, ViewState } from "#views";
import type { PointLps } from "#volume";
import { carryView } from "./carry-view.ts";
import type { StudyImage } from "./study-image.ts";

/** How the open or arriving image is shown. */
export class ShownView {
  readonly state: ReadonlySignal<ViewState | undefined>;
  readonly #view = signal<{ readonly volumeId: string; readonly state: ViewState } | undefined>(undefined);
  readonly #another: () => void;
  /** Where the crosshair was put for slices that arrive. */
  #followed: PointLps | undefined;

  /** `another` is called when an image is shown that was not shown before. */
  constructor(another: () => void) {
    this.#another = another;
    this.state = computed(() => this.#view.value?.state);
  }

  /** A view state for the image; the one of its import goes on when there is one, so that nothing jumps. */
  show(image: StudyImage): void {
    const { volumeId } = image;
    const known = this.#view.value?.volumeId === volumeId ? this.#view.value.state : undefined;
    const state = known ?? new ViewState(image.description, image.grid.centerLps);
    if (!known) this.#another();
    this.#view.value = { volumeId, state };
    const following = effect(() => {
      image.frame.value = state.frame.value;
    });
    image.owned.defer(following);
  }

  /** A view state for the image that is shown, whose voxels have another size than before. */
  renew({ volumeId, description, grid }: StudyImage): void {
    const before = this.#view.value?.state;
    const state = new ViewState(description, grid.centerLps);
    if (before) carryView(before, state);
    this.#view.value = { volumeId, state };
  }

  /** Shows an image whose slices are still to come. */
  arrive(image: StudyImage): void {
    this.#followed = undefined;
    this.show(image);
  }

  /** Keeps the crosshair in the middle of the `slices` that are in, until the user moves it. */
  follow({ grid }: StudyImage, slices: number): void {
    const crosshair = this.#view.value?.state.crosshair;
    if (!crosshair || (this.#followed && crosshair.value !== this.#followed)) return;
    const [i, j] = grid.toIndex(grid.centerLps);
    this.#followed = grid.toLps([i, j, Math.floor((slices - 1) / 2)]);
    crosshair.value = this.#followed;
  }

  /** Shows an image that has arrived: a crosshair that followed its slices goes to the middle. */
  settle(image: StudyImage): void {
    this.show(image);
    const crosshair = this.#view.value?.state.crosshair;
    if (crosshair && crosshair.value === this.#followed) crosshair.value = image.grid.centerLps;
  }

  /** Fit, window, layout and crosshair as at opening. */
  reset(image: StudyImage): void {
    const view = this.#view.value;
    if (!view) return;
    const fresh = new ViewState(image.description, image.grid.centerLps);
    const { window, layout, crosshair, planes, invert, orientation } = fresh.toJson();
    applyViewChange(view.state, {
      layout,
      crosshair,
      orientation,
      planes,
      invert,
      ...(fresh.automaticWindow.value ? { preset: "auto" } : { window }),
    });
  }
}
