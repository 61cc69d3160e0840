import type { Vec3 } from "#base";
import type { PointLps } from "#volume";
import type { PlanePick, PointerTool } from "./pointer-tool.ts";
import type { ToolState } from "./tool-state.ts";

/** A stroke under way: changes are seen at once and become one step on `end`. */
export interface Stroke {
  extend(from: PointLps, to: PointLps): void;
  end(): void;
  cancel(): void;
}

/** What the brush needs of the session. */
export interface BrushPort {
  readonly tools: () => ToolState;
  /** Undefined when nothing can be painted now; the session then says why. */
  beginStroke(options: {
    readonly erase: boolean;
    /** The slice of voxels drawn on, or the normal of a plane that lies in none, LPS. */
    readonly plane: { readonly axis: 0 | 1 | 2; readonly slice: number } | { readonly normal: Vec3 };
  }): Stroke | undefined;
}

function planeOf({ axis, slice, obliqueNormal }: PlanePick): Parameters<BrushPort["beginStroke"]>[0]["plane"] {
  return obliqueNormal ? { normal: obliqueNormal } : { axis, slice };
}

/** Brush and eraser: every pointer sample is joined to the one before, so strokes have no gaps at any speed. */
export class BrushTool implements PointerTool {
  readonly #port: BrushPort;
  readonly #erase: boolean;
  #stroke: Stroke | undefined;
  #last: PlanePick | undefined;

  constructor(port: BrushPort, erase: boolean) {
    this.#port = port;
    this.#erase = erase;
  }

  down(pick: PlanePick): void {
    this.#stroke = this.#port.beginStroke({ erase: this.#erase, plane: planeOf(pick) });
    this.#stroke?.extend(pick.lps, pick.lps);
    this.#last = pick;
  }

  move(picks: readonly PlanePick[]): void {
    for (const pick of picks) {
      if (this.#last) this.#stroke?.extend(this.#last.lps, pick.lps);
      this.#last = pick;
    }
  }

  up(): void {
    this.#stroke?.end();
    this.#stroke = undefined;
    this.#last = undefined;
  }

  cancel(): void {
    this.#stroke?.cancel();
    this.#stroke = undefined;
    this.#last = undefined;
  }
}
