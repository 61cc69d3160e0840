import type { IndexIjk } from "#volume";
import type { PlanePick, PointerTool } from "./pointer-tool.ts";

/** What growing by click and drag needs of the session. */
export interface GrowPort {
  /** Shown value at a voxel, undefined outside. */
  valueAt(ijk: IndexIjk): Promise<number | undefined>;
  /** Width of the window in shown values: the natural scale of a drag. */
  windowWidth(): number;
  /** Starts or changes the preview: grows from `seed` where values lie in the range. */
  preview(seed: IndexIjk, range: { readonly low: number; readonly high: number }): void;
  /** The multiplier of the range by confidence; undefined while growth goes by a range. */
  multiplier(): number | undefined;
  /** The same preview with a range by confidence. */
  previewConfidence(seed: IndexIjk, multiplier: number): void;
}

/** Half the first range as a share of the window's width. */
const FIRST_TOLERANCE = 0.08;
/** A drag of this many pixels widens or shifts the range by the window's width. */
const PIXELS_PER_WINDOW = 400;
/** A drag of this many pixels doubles or halves the multiplier of a range by confidence. */
const PIXELS_PER_DOUBLE = 150;

/**
 * Region growing by click: the range begins around the clicked value; dragging right or left widens or narrows it, up or down
 * shifts it, and the growth is seen while the pointer moves. With a range by confidence, dragging right or left changes how many
 * standard deviations wide it is.
 */
export class GrowTool implements PointerTool {
  readonly #port: GrowPort;
  #start: PlanePick | undefined;
  #seed: IndexIjk = [0, 0, 0];
  #value: number | undefined;
  #drag = { right: 0, up: 0 };
  /** The multiplier when the drag began. */
  #multiplier: number | undefined;

  constructor(port: GrowPort) {
    this.#port = port;
  }

  down(pick: PlanePick): void {
    if (!pick.inside) return;
    this.#start = pick;
    this.#seed = [Math.round(pick.ijk[0]), Math.round(pick.ijk[1]), Math.round(pick.ijk[2])];
    this.#value = undefined;
    this.#drag = { right: 0, up: 0 };
    this.#multiplier = this.#port.multiplier();
    const seed = this.#seed;
    void this.#port.valueAt(seed).then((value) => {
      if (this.#seed !== seed || value === undefined) return;
      this.#value = value;
      this.#update();
    });
  }

  move(picks: readonly PlanePick[]): void {
    const last = picks.at(-1);
    if (!this.#start || !last) return;
    this.#drag = { right: last.screen.x - this.#start.screen.x, up: this.#start.screen.y - last.screen.y };
    this.#update();
  }

  up(): void {
    this.#start = undefined;
  }

  cancel(): void {
    this.#start = undefined;
    this.#value = undefined;
  }

  #update(): void {
    if (this.#value === undefined) return;
    if (this.#multiplier !== undefined) {
      const multiplier = this.#multiplier * 2 ** (this.#drag.right / PIXELS_PER_DOUBLE);
      this.#port.previewConfidence(this.#seed, Math.round(multiplier * 20) / 20);
      return;
    }
    const width = this.#port.windowWidth();
    const tolerance = Math.max(width * (FIRST_TOLERANCE + this.#drag.right / PIXELS_PER_WINDOW), 0);
    const center = this.#value + (this.#drag.up / PIXELS_PER_WINDOW) * width;
    this.#port.preview(this.#seed, { low: center - tolerance, high: center + tolerance });
  }
}
