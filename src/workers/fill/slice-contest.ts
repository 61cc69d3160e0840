import type { TaskContext } from "../crew/task.ts";
import type { SliceFrame } from "./frame.ts";
import { type Entrant, LABEL_WORD, MARGIN_WORD, SHAPE_BYTES, SHARED_WORD } from "./shape-records.ts";
import type { ShapesOnSlice } from "./shapes-on-slice.ts";

/** The contest of shapes on one slice: at every pixel the segment with the largest value wins. */
export class SliceContest {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #shapes: ShapesOnSlice;
  /** Largest value of a segment so far, and the union's, i32. */
  readonly best: number;
  readonly union: number;
  /** Pixels of the frame won by a segment, u16. */
  readonly labels: number;

  constructor(context: TaskContext, frame: SliceFrame, shapes: ShapesOnSlice) {
    const { arena } = context;
    // Rows are read and written in whole vectors: a little beyond the last pixel.
    const pixels = frame.nu * frame.nv + 16;
    this.#context = context;
    this.#frame = frame;
    this.#shapes = shapes;
    this.best = arena.scratch(pixels * 4);
    this.union = arena.scratch(pixels * 4);
    this.labels = arena.scratch(pixels * 2);
  }

  /** Lets shapes decide slice z: those of the union first, then of segments in ascending order. `doubts`: see `fillDoubtStart`. */
  decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    this.start();
    this.#shapes.write(z, entrants);
    this.#enter(entrants.length, this.union, doubts);
  }

  /** Makes 0 the chances (f32) of what is drawn on slice z, between the slices of the stack. */
  clear(_chances: number, _z: number): void {}

  /** Begins a slice. */
  start(): void {
    const { exports } = this.#context.core;
    const pixels = this.#frame.nu * this.#frame.nv;
    exports.fillLeast(this.best, pixels);
    exports.fillLeast(this.union, pixels);
    exports.clearBytes(this.labels, pixels * 2);
  }

  /** Writes the largest value of shapes at every pixel of slice z (i32), also where it is below 0, as far as `around` pixels from them. */
  values(z: number, entrants: readonly Entrant[], around: number, to: number): void {
    const count = entrants.length;
    // A list of its own, since its records are changed below.
    const at = this.#shapes.write(z, [...entrants]);
    const { buffer } = this.#context.arena.memory;
    this.#context.core.exports.fillLeast(to, this.#frame.nu * this.#frame.nv);
    const records = new Int32Array(buffer, at, (count * SHAPE_BYTES) / 4);
    for (let n = 0; n < records.length; n += SHAPE_BYTES / 4) {
      // As if of the union, which takes all values.
      records[n + LABEL_WORD] = 0;
      records[n + SHARED_WORD] = 1;
      records[n + MARGIN_WORD]! += around;
    }
    this.#enter(count, to, 0);
  }

  #enter(count: number, union: number, doubts: number): void {
    this.#shapes.enter(count, { best: this.best, labels: this.labels, union, doubts });
  }
}
