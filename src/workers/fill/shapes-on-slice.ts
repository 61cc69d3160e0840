import type { TaskContext } from "../crew/task.ts";
import { type SliceWeights, sliceWeights } from "./curve.ts";
import type { SliceFrame } from "./frame.ts";
import type { ObliqueFrame } from "./oblique-frame.ts";
import { type Entrant, SHAPE_BYTES, ShapeRecords, WEIGHTS_BYTES, writeWeights } from "./shape-records.ts";
import type { Shape } from "./shapes.ts";

/** What shapes are entered into, addresses in the memory of the core. */
export interface ContestRoom {
  readonly best: number;
  readonly labels: number;
  readonly union: number;
  /** 0: not asked for. */
  readonly doubts: number;
}

/** Shapes on the slices of a frame, in the memory of the core. */
export interface ShapesOnSlice {
  /** Writes the records of shapes on slice z; returns where. A list that comes again has not changed, nor have its records. */
  write(z: number, entrants: readonly Entrant[]): number;
  /** Enters the `count` shapes that were written. */
  enter(count: number, room: ContestRoom): void;
}

/** The slices on both sides, and those beyond them that a shape's curve goes on to. */
type Span = readonly [before: number | undefined, from: number, to: number, after: number | undefined];

function spanOf(shape: Shape): Span {
  const { before, from, to, after } = shape.gap;
  if (shape.kind === "lone") return [undefined, from, to, undefined];
  return [shape.four[0] ? before : undefined, from, to, shape.four[3] ? after : undefined];
}

/** What a shape is made with on slice z. */
export function weightsOf(shape: Shape, z: number): SliceWeights {
  return sliceWeights(z, ...spanOf(shape), shape.kind === "linked" ? shape.closed : 0);
}

/** The same for shapes with the same weights on every slice. */
export function weightsKey(shape: Shape): string {
  const [before, from, to, after] = spanOf(shape);
  return `${before} ${from} ${to} ${after} ${shape.kind === "linked" ? shape.closed : 0}`;
}

/** Shapes of a stack of slices of the volume. */
export class AlignedShapes implements ShapesOnSlice {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #scratch: number;
  #room = { shapes: 0, at: 0, weights: 0 };
  /** Those of the last slice, and of them one for each record of weights. */
  #last: readonly Entrant[] = [];
  readonly #kinds: Shape[] = [];

  constructor(context: TaskContext, frame: SliceFrame) {
    this.#context = context;
    this.#frame = frame;
    this.#scratch = context.arena.scratch(context.core.exports.fillShapesScratch(frame.nu));
  }

  write(z: number, entrants: readonly Entrant[]): number {
    if (entrants !== this.#last) this.#place(entrants);
    const { buffer } = this.#context.arena.memory;
    for (const [n, shape] of this.#kinds.entries()) writeWeights(buffer, this.#room.weights, n, weightsOf(shape, z));
    return this.#room.at;
  }

  /** Writes the records of shapes, which stay as long as the same list comes again. */
  #place(entrants: readonly Entrant[]): void {
    const { arena } = this.#context;
    if (entrants.length > this.#room.shapes) {
      const shapes = entrants.length + (entrants.length >> 1) + 8;
      this.#room = { shapes, at: arena.scratch(shapes * SHAPE_BYTES), weights: arena.scratch(shapes * WEIGHTS_BYTES) };
    }
    const records = new ShapeRecords(arena.memory.buffer, this.#room.at, entrants.length);
    const numbers = new Map<string, number>();
    this.#kinds.length = 0;
    for (const [n, entrant] of entrants.entries()) {
      let number = numbers.get(entrant.weights);
      if (number === undefined) {
        numbers.set(entrant.weights, (number = numbers.size));
        this.#kinds.push(entrant.shape);
      }
      records.write(n, entrant, number);
    }
    this.#last = entrants;
  }

  enter(count: number, { best, labels, union, doubts }: ContestRoom): void {
    const { nu, nv } = this.#frame;
    const { at, weights } = this.#room;
    this.#context.core.exports.fillShapes(at, count, weights, nu, nv, best, labels, union, doubts, this.#scratch);
  }
}

/** Shapes between parallel planes that are no slices of the volume. */
export class ObliqueShapes implements ShapesOnSlice {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #stack: ObliqueFrame;
  readonly #places: number;
  readonly #scratch: number;
  readonly #weights = new Map<string, number>();
  #room = { shapes: 0, at: 0 };

  constructor(context: TaskContext, frame: SliceFrame, stack: ObliqueFrame) {
    const { arena, core } = context;
    this.#context = context;
    this.#frame = frame;
    this.#stack = stack;
    this.#places = arena.scratch(9 * 8);
    const widest = stack.zs.reduce((most, z, n) => Math.max(most, z - (stack.zs[n - 1] ?? z)), 0);
    this.#scratch = arena.scratch(core.exports.fillObliqueScratch(widest));
  }

  write(z: number, entrants: readonly Entrant[]): number {
    const { arena } = this.#context;
    if (entrants.length > this.#room.shapes) {
      const shapes = entrants.length + (entrants.length >> 1) + 8;
      this.#room = { shapes, at: arena.scratch(shapes * SHAPE_BYTES) };
    }
    const weights = entrants.map((entrant) => this.#weightsAt(entrant));
    const { buffer } = arena.memory;
    const [x, y, depth] = this.#stack.placesOn(this.#frame, z);
    new Float64Array(buffer, this.#places, 9).set([0, 1, 2].flatMap((part) => [x[part]!, y[part]!, depth[part]!]));
    const records = new ShapeRecords(buffer, this.#room.at, entrants.length);
    for (const [n, entrant] of entrants.entries()) records.write(n, entrant, weights[n]!);
    return this.#room.at;
  }

  enter(count: number, { best, labels, union, doubts }: ContestRoom): void {
    const { nu, nv } = this.#frame;
    const { exports } = this.#context.core;
    const { at } = this.#room;
    exports.fillObliqueShapes(at, count, this.#places, nu, nv, best, labels, union, doubts, this.#scratch);
  }

  /** Where the weights of all slices between a shape's planes lie; shapes share them. */
  #weightsAt({ shape, weights }: Entrant): number {
    let at = this.#weights.get(weights);
    if (at === undefined) {
      const { from, to } = shape.gap;
      const { arena } = this.#context;
      this.#weights.set(weights, (at = arena.scratch((to - from + 1) * WEIGHTS_BYTES)));
      for (let z = from; z <= to; z++) writeWeights(arena.memory.buffer, at, z - from, weightsOf(shape, z));
    }
    return at;
  }
}
