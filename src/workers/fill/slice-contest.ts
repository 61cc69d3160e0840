import type { TaskContext } from "../crew/task.ts";
import { sliceWeights } from "./curve.ts";
import type { SliceFrame } from "./frame.ts";
import { SHAPE_BYTES, type ShapeRecord, WEIGHTS_BYTES, WEIGHTS_WORD, writeWeights } from "./shape-records.ts";
import type { Shape } from "./shapes.ts";

/** Less than any value of a shape. */
const LEAST = -(2 ** 30);

/** A shape with its record. */
export interface Entrant {
  readonly shape: Shape;
  readonly record: ShapeRecord;
}

/** The contest of shapes on one slice: at every pixel the segment with the largest value wins. */
export class SliceContest {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #best: number;
  readonly #union: number;
  readonly #scratch: number;
  #room = { shapes: 0, at: 0 };
  #weights = { count: 0, at: 0 };
  /** Pixels of the frame won by a segment, u16. */
  readonly labels: number;

  constructor(context: TaskContext, frame: SliceFrame) {
    const { core, arena } = context;
    // Rows are read and written in whole vectors: a little beyond the last pixel.
    const pixels = frame.nu * frame.nv + 16;
    this.#context = context;
    this.#frame = frame;
    this.#best = arena.scratch(pixels * 4);
    this.#union = arena.scratch(pixels * 4);
    this.labels = arena.scratch(pixels * 2);
    this.#scratch = arena.scratch(core.exports.fillShapesScratch(frame.nu));
  }

  /** Lets shapes decide slice z: those of the union first, then of segments in ascending order. `doubts`: see `fillDoubtStart`. */
  decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    const { core, arena } = this.#context;
    const { nu, nv } = this.#frame;
    this.#reserve(entrants.length);
    const { buffer } = arena.memory;
    new Int32Array(buffer, this.#best, nu * nv).fill(LEAST);
    new Int32Array(buffer, this.#union, nu * nv).fill(LEAST);
    new Uint16Array(buffer, this.labels, nu * nv).fill(0);
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
    core.exports.fillShapes(
      this.#room.at,
      entrants.length,
      this.#weights.at,
      nu,
      nv,
      this.#best,
      this.labels,
      this.#union,
      doubts,
      this.#scratch,
    );
  }

  #reserve(shapes: number): void {
    const { arena } = this.#context;
    if (shapes <= this.#room.shapes) return;
    const room = shapes + (shapes >> 1) + 8;
    this.#room = { shapes: room, at: arena.scratch(room * SHAPE_BYTES) };
    this.#weights = { count: room, at: arena.scratch(room * WEIGHTS_BYTES) };
  }
}
