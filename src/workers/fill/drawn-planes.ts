import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { SliceFrame } from "./frame.ts";
import { halvesOf, type PlaneFrame } from "./plane-frame.ts";
import type { Entrant } from "./shape-records.ts";
import type { ShapesOnSlice } from "./shapes-on-slice.ts";
import { SliceContest } from "./slice-contest.ts";

/** Drawn planes across the slices of a frame: what lies on them is as drawn, and nothing is proposed there. */
export class DrawnPlanes {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #planes: readonly PlaneFrame[];
  readonly #spacingMm: SpacingMm;

  constructor(context: TaskContext, frame: SliceFrame, planes: readonly PlaneFrame[], spacingMm: SpacingMm) {
    this.#context = context;
    this.#frame = frame;
    this.#planes = planes;
    this.#spacingMm = spacingMm;
  }

  /** Takes what is drawn out of labels (u16), and out of chances (f32), on slice z; 0 for none. */
  clear(labels: number, chances: number, z: number): void {
    const { nu, nv } = this.#frame;
    for (const plane of this.#planes) {
      const halves = this.#frame.linear(z, (at) => halvesOf(plane, this.#spacingMm, at));
      this.#context.core.exports.fillClearLine(labels, chances, nu, nv, ...halves);
    }
  }
}

/** The contest between parallel planes that cross the slices of the frame. */
export class ObliqueContest extends SliceContest {
  readonly #drawn: DrawnPlanes;

  constructor(context: TaskContext, frame: SliceFrame, shapes: ShapesOnSlice, drawn: DrawnPlanes) {
    super(context, frame, shapes);
    this.#drawn = drawn;
  }

  override decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    super.decide(z, entrants, doubts);
    this.#drawn.clear(this.labels, 0, z);
  }

  override clear(chances: number, z: number): void {
    this.#drawn.clear(0, chances, z);
  }
}
