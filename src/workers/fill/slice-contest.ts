import type { TaskContext } from "../crew/task.ts";
import { sliceWeights } from "./curve.ts";
import type { SliceFrame } from "./frame.ts";
import {
  LABEL_WORD,
  MARGIN_WORD,
  SHAPE_BYTES,
  type ShapeRecord,
  SHARED_WORD,
  WEIGHTS_BYTES,
  WEIGHTS_WORD,
  writeWeights,
} from "./shape-records.ts";
import type { Shape } from "./shapes.ts";

/** Less than any value of a shape. */
export const LEAST = -(2 ** 30);

/** A shape with its record. */
export interface Entrant {
  readonly shape: Shape;
  readonly record: ShapeRecord;
}

/** The contest of shapes on one slice: at every pixel the segment with the largest value wins. */
export class SliceContest {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #scratch: number;
  #room = { shapes: 0, at: 0 };
  #weights = { count: 0, at: 0 };
  /** Largest value of a segment so far, and the union's, i32. */
  readonly best: number;
  readonly union: number;
  /** Pixels of the frame won by a segment, u16. */
  readonly labels: number;

  constructor(context: TaskContext, frame: SliceFrame) {
    const { core, arena } = context;
    // Rows are read and written in whole vectors: a little beyond the last pixel.
    const pixels = frame.nu * frame.nv + 16;
    this.#context = context;
    this.#frame = frame;
    this.best = arena.scratch(pixels * 4);
    this.union = arena.scratch(pixels * 4);
    this.labels = arena.scratch(pixels * 2);
    this.#scratch = arena.scratch(core.exports.fillShapesScratch(frame.nu));
  }

  /** Lets shapes decide slice z: those of the union first, then of segments in ascending order. `doubts`: see `fillDoubtStart`. */
  decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    this.start();
    const count = this.#write(z, entrants);
    this.#enter(count, this.union, doubts);
  }

  /** Makes 0 the chances (f32) of what is drawn on slice z, between the slices of the stack. */
  clear(_chances: number, _z: number): void {}

  /** Begins a slice. */
  start(): void {
    const { buffer } = this.#context.arena.memory;
    const pixels = this.#frame.nu * this.#frame.nv;
    new Int32Array(buffer, this.best, pixels).fill(LEAST);
    new Int32Array(buffer, this.union, pixels).fill(LEAST);
    new Uint16Array(buffer, this.labels, pixels).fill(0);
  }

  /** Writes the largest value of shapes at every pixel of slice z (i32), also where it is below 0, as far as `around` pixels from them. */
  values(z: number, entrants: readonly Entrant[], around: number, to: number): void {
    const { buffer } = this.#context.arena.memory;
    new Int32Array(buffer, to, this.#frame.nu * this.#frame.nv).fill(LEAST);
    const count = this.#write(z, entrants);
    const records = new Int32Array(buffer, this.#room.at, (count * SHAPE_BYTES) / 4);
    for (let at = 0; at < records.length; at += SHAPE_BYTES / 4) {
      // As if of the union, which takes all values.
      records[at + LABEL_WORD] = 0;
      records[at + SHARED_WORD] = 1;
      records[at + MARGIN_WORD]! += around;
    }
    this.#enter(count, to, 0);
  }

  #enter(count: number, union: number, doubts: number): void {
    const { nu, nv } = this.#frame;
    const [shapes, weights] = [this.#room.at, this.#weights.at];
    this.#context.core.exports.fillShapes(
      shapes,
      count,
      weights,
      nu,
      nv,
      this.best,
      this.labels,
      union,
      doubts,
      this.#scratch,
    );
  }

  /** Writes the records of shapes on slice z; returns how many. */
  #write(z: number, entrants: readonly Entrant[]): number {
    const { arena } = this.#context;
    this.#reserve(entrants.length);
    const { buffer } = arena.memory;
    const records = new Int32Array(buffer, this.#room.at, (entrants.length * SHAPE_BYTES) / 4);
    const numbers = new Map<string, number>();
    let at = 0;
    for (const { shape, record } of entrants) {
      const { from, to } = shape.gap;
      const before = shape.kind === "linked" && shape.four[0] ? shape.gap.before : undefined;
      const after = shape.kind === "linked" && shape.four[3] ? shape.gap.after : undefined;
      const closed = shape.kind === "linked" ? shape.closed : 0;
      const key = `${before} ${from} ${to} ${after} ${closed}`;
      let number = numbers.get(key);
      if (number === undefined) {
        numbers.set(key, (number = numbers.size));
        writeWeights(buffer, this.#weights.at, number, sliceWeights(z, before, from, to, after, closed));
      }
      records.set(record, at);
      records[at + WEIGHTS_WORD] = number;
      at += record.length;
    }
    return entrants.length;
  }

  #reserve(shapes: number): void {
    const { arena } = this.#context;
    if (shapes <= this.#room.shapes) return;
    const room = shapes + (shapes >> 1) + 8;
    this.#room = { shapes: room, at: arena.scratch(room * SHAPE_BYTES) };
    this.#weights = { count: room, at: arena.scratch(room * WEIGHTS_BYTES) };
  }
}
