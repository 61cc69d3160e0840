import type { Component } from "./components.ts";
import type { SliceWeights } from "./curve.ts";
import type { Field } from "./fields.ts";
import type { Shape } from "./shapes.ts";

/** Layout of `assembly/memory/fill.ts`, in words of 4 bytes (places: of 8). */
const SHAPE_WORDS = 52;
const WEIGHTS_WORDS = 18;
export const SHAPE_BYTES = SHAPE_WORDS * 4;
export const WEIGHTS_BYTES = WEIGHTS_WORDS * 4;

/** A shape as a record of the core, but for the number of its weights. */
export type ShapeRecord = Int32Array;

/** Words of a record that hold its segment, the number of its weights, whether the union helps, and its margin. */
export const LABEL_WORD = 0;
export const WEIGHTS_WORD = 1;
export const SHARED_WORD = 3;
export const MARGIN_WORD = 32;
const BOXES = 24;
const ENDS = 50;

/** Makes the record of a shape; `field` gives where the distances of a component lie. */
export function shapeRecord(shape: Shape, field: (component: Component) => Field): ShapeRecord {
  const words = new Int32Array(SHAPE_WORDS);
  const places = new Float64Array(words.buffer);
  words[LABEL_WORD] = shape.gap.segment;
  words[2] = shape.kind === "linked" ? 0 : shape.side === "from" ? 1 : 2;
  words[SHARED_WORD] = shape.gap.shared ? 1 : 0;
  const put = (n: number, component: Component): Field => {
    const own = field(component);
    words[4 + n] = own.at;
    put4(words, 8 + n * 4, own.u0, own.v0, own.w, own.h);
    return own;
  };
  const box = (n: number, { u0, v0, u1, v1 }: Component): void => put4(words, BOXES + n * 4, u0, v0, u1, v1);
  if (shape.kind === "lone") {
    words[33] = put(1, shape.component).radius;
    box(0, shape.component);
    return words;
  }
  for (let n = 0; n < 4; n++) if (shape.four[n]) put(n, shape.four[n]!);
  box(0, shape.four[1]);
  box(1, shape.four[2]);
  words[MARGIN_WORD] = shape.margin;
  for (let n = 0; n < 4; n++) {
    places[17 + n * 2] = shape.places[n]![0];
    places[18 + n * 2] = shape.places[n]![1];
  }
  return words;
}

function put4(words: Int32Array, at: number, a: number, b: number, c: number, d: number): void {
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
  words[at + 3] = d;
}

/** The record of a shape between planes that cross the slices it is asked for on: around what it is on any of the stack's slices. */
export function obliqueRecord(shape: Shape, record: ShapeRecord, weightsOn: (z: number) => SliceWeights): ShapeRecord {
  const { from, to } = shape.gap;
  record.set([from, to], ENDS);
  if (shape.kind === "lone") return record;
  const sides = [
    [shape.four[1], shape.places[1]],
    [shape.four[2], shape.places[2]],
  ] as const;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let z = from; z <= to; z++) {
    const { path } = weightsOn(z);
    const at = (along: 0 | 1): number => path.reduce((sum, weight, n) => sum + weight * shape.places[n]![along], 0);
    const [u, v] = [at(0), at(1)];
    for (const [box, place] of sides) {
      left = Math.min(left, box.u0 + u - place[0]);
      top = Math.min(top, box.v0 + v - place[1]);
      right = Math.max(right, box.u1 + u - place[0]);
      bottom = Math.max(bottom, box.v1 + v - place[1]);
    }
  }
  record.set([Math.floor(left), Math.floor(top), Math.ceil(right), Math.ceil(bottom)], BOXES);
  return record;
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
