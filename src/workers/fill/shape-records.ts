import type { PixelBox } from "./components.ts";
import type { SliceWeights } from "./curve.ts";
import type { Field } from "./fields.ts";
import type { Shape } from "./shapes.ts";

/** Layout of `assembly/memory/fill.ts`, in words of 4 bytes (places: of 8). */
const SHAPE_WORDS = 54;
const WEIGHTS_WORDS = 18;
export const SHAPE_BYTES = SHAPE_WORDS * 4;
export const WEIGHTS_BYTES = WEIGHTS_WORDS * 4;

export const LABEL_WORD = 0;
const WEIGHTS_WORD = 1;
const KIND_WORD = 2;
export const SHARED_WORD = 3;
const FIELDS_WORD = 4;
const GEOMETRY_WORD = 8;
const BOXES_WORD = 24;
export const MARGIN_WORD = 32;
const RADIUS_WORD = 33;
const PATH_WORD = 34;
const ENDS_WORD = 50;
const LEAST_WORD = 52;

/** A shape with what its record is made of. */
export interface Entrant {
  readonly shape: Shape;
  /** Distances of its components on the slices before, from, to and after; of a lone one at `from`. */
  readonly fields: readonly [Field | undefined, Field, Field | undefined, Field | undefined];
  /** Of a linked one: values below which those of the fields before and from, and to and after, do not count. */
  readonly least?: readonly [from: number, to: number];
  /** The same for shapes with the same weights on every slice. */
  readonly weights: string;
  /** Around what it is on any slice of the stack; where the stack's planes cross the slices it is asked for on. */
  readonly hull?: PixelBox;
}

/** Records of shapes in the memory of the core. */
export class ShapeRecords {
  readonly words: Int32Array;
  readonly #places: Float64Array;

  constructor(buffer: ArrayBufferLike, at: number, count: number) {
    this.words = new Int32Array(buffer, at, count * SHAPE_WORDS);
    this.#places = new Float64Array(buffer, at, (count * SHAPE_WORDS) / 2);
  }

  /** Writes record n; `weights`: see SHAPE_WEIGHTS. */
  write(n: number, { shape, fields, hull, least }: Entrant, weights: number): void {
    const { words } = this;
    const at = n * SHAPE_WORDS;
    words[at + LABEL_WORD] = shape.gap.segment;
    words[at + WEIGHTS_WORD] = weights;
    words[at + KIND_WORD] = shape.kind === "linked" ? 0 : shape.side === "from" ? 1 : 2;
    words[at + SHARED_WORD] = shape.gap.shared ? 1 : 0;
    for (let m = 0; m < 4; m++) {
      const field = fields[m];
      words[at + FIELDS_WORD + m] = field?.at ?? 0;
      if (field) this.#four(at + GEOMETRY_WORD + m * 4, field.u0, field.v0, field.w, field.h);
    }
    words[at + ENDS_WORD] = shape.gap.from;
    words[at + ENDS_WORD + 1] = shape.gap.to;
    if (shape.kind === "lone") {
      this.#box(at, shape.component);
      words[at + RADIUS_WORD] = fields[1].radius;
      return;
    }
    this.#box(at, hull ?? shape.four[1]);
    this.#box(at + 4, shape.four[2]);
    words[at + LEAST_WORD] = least![0];
    words[at + LEAST_WORD + 1] = least![1];
    words[at + MARGIN_WORD] = shape.margin;
    const path = (at + PATH_WORD) / 2;
    for (let m = 0; m < 4; m++) {
      this.#places[path + m * 2] = shape.places[m]![0];
      this.#places[path + m * 2 + 1] = shape.places[m]![1];
    }
  }

  #box(at: number, { u0, v0, u1, v1 }: PixelBox): void {
    this.#four(at + BOXES_WORD, u0, v0, u1, v1);
  }

  #four(at: number, a: number, b: number, c: number, d: number): void {
    this.words[at] = a;
    this.words[at + 1] = b;
    this.words[at + 2] = c;
    this.words[at + 3] = d;
  }
}

/** The box around what a shape is on any slice between its planes; `weightsOn` gives what it is made with there. */
export function hullOf(shape: Shape, weightsOn: (z: number) => SliceWeights): PixelBox {
  if (shape.kind === "lone") return shape.component;
  const { four, places, gap } = shape;
  const sides = [
    [four[1], places[1]],
    [four[2], places[2]],
  ] as const;
  let [u0, v0, u1, v1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let z = gap.from; z <= gap.to; z++) {
    const { path } = weightsOn(z);
    const at = (along: 0 | 1): number => path.reduce((sum, weight, n) => sum + weight * places[n]![along], 0);
    const [u, v] = [at(0), at(1)];
    for (const [box, place] of sides) {
      u0 = Math.min(u0, box.u0 + u - place[0]);
      v0 = Math.min(v0, box.v0 + v - place[1]);
      u1 = Math.max(u1, box.u1 + u - place[0]);
      v1 = Math.max(v1, box.v1 + v - place[1]);
    }
  }
  return { u0: Math.floor(u0), v0: Math.floor(v0), u1: Math.ceil(u1), v1: Math.ceil(v1) };
}

/** Writes the weights of a slice as record n of those in `buffer` at `at`. */
export function writeWeights(buffer: ArrayBufferLike, at: number, n: number, weights: SliceWeights): void {
  const words = new Int32Array(buffer, at + n * WEIGHTS_BYTES, WEIGHTS_WORDS);
  words.set(weights.fields);
  words[4] = weights.growing;
  words[5] = weights.dwindling;
  const doubles = new Float64Array(buffer, at + n * WEIGHTS_BYTES, WEIGHTS_WORDS / 2);
  doubles.set(weights.path, 3);
  doubles[7] = weights.shrunkFrom;
  doubles[8] = weights.shrunkTo;
}
