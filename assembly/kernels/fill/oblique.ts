/*
 * Shapes between parallel planes that are no slices of the volume. The stack's pixels and slices are those of a frame turned with the
 * planes; each pixel of a slice of the volume asks for the values at its place there. What a shape is at a place is that of ./blend.ts.
 */
import {
  DOUBT_BYTES,
  LINKED,
  LONE_FROM,
  SHAPE_BOXES,
  SHAPE_BYTES,
  SHAPE_LEAST,
  SHAPE_ENDS,
  SHAPE_FIELDS,
  SHAPE_GEOMETRY,
  SHAPE_KIND,
  SHAPE_LABEL,
  SHAPE_MARGIN,
  SHAPE_PATH,
  SHAPE_RADIUS,
  SHAPE_SHARED,
  SHAPE_WEIGHTS,
  WEIGHTS_BULGE,
  WEIGHTS_BYTES,
  WEIGHTS_FIELDS,
  WEIGHTS_PATH,
  WEIGHTS_SHRUNK,
} from "../../memory/fill";
import { enterOne, FAR, FAR_SHARED, steps, strideOf } from "./blend";

/** Bytes of what is worked out for one slice of the stack: i32 × 8, how far each field is moved along u and v. */
const MOVES: usize = 32;

/** Bytes of scratch for shapes between planes up to `slices` slices of the stack apart. */
export function fillObliqueScratch(slices: i32): usize {
  return <usize>(slices + 1) * MOVES;
}

/**
 * `fillShapes` for a stack of parallel planes. Pixel (u, v) of the volume's slice lies at pixel (x, y) and slice z of the stack, fractions
 * allowed: `places` holds x, y and z of pixel (0, 0), their steps along u, and those along v (f64). Distances of doubts are weighted by
 * 4t(1 − t), t the part of the way from plane to plane.
 */
export function fillObliqueShapes(
  shapes: usize,
  count: i32,
  places: usize,
  nu: i32,
  nv: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
  scratch: usize,
): void {
  for (let n = 0; n < count; n++) {
    entered(shapes + <usize>n * SHAPE_BYTES, places, nu, nv, best, label, union, doubts, scratch);
  }
}

function entered(
  shape: usize,
  places: usize,
  nu: i32,
  nv: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
  scratch: usize,
): void {
  const x0 = load<f64>(places);
  const y0 = load<f64>(places, 8);
  const z0 = load<f64>(places, 16);
  const xu = load<f64>(places, 24);
  const yu = load<f64>(places, 32);
  const zu = load<f64>(places, 40);
  const from = load<i32>(shape, SHAPE_ENDS);
  const to = load<i32>(shape, SHAPE_ENDS + 4);
  const segment = load<i32>(shape, SHAPE_LABEL);
  const isLinked = load<i32>(shape, SHAPE_KIND) == LINKED;
  const margin = isLinked ? load<i32>(shape, SHAPE_MARGIN) : 1;
  const left = <f64>(load<i32>(shape, SHAPE_BOXES) - margin);
  const top = <f64>(load<i32>(shape, SHAPE_BOXES + 4) - margin);
  const right = <f64>(load<i32>(shape, SHAPE_BOXES + 8) - 1 + margin);
  const bottom = <f64>(load<i32>(shape, SHAPE_BOXES + 12) - 1 + margin);
  const entries = <usize>load<i32>(shape, SHAPE_WEIGHTS);
  const shared = load<i32>(shape, SHAPE_SHARED);
  let ready = false;
  for (let v = 0; v < nv; v++) {
    const x = x0 + <f64>v * load<f64>(places, 48);
    const y = y0 + <f64>v * load<f64>(places, 56);
    const z = z0 + <f64>v * load<f64>(places, 64);
    // The pixels of the row that lie in the shape's box and between its planes.
    const ends = narrowed(
      narrowed(narrowed(<i64>nu, z, zu, <f64>from, <f64>to), x, xu, left, right),
      y,
      yu,
      top,
      bottom,
    );
    const first = <i32>(ends >> 32);
    const end = <i32>ends;
    if (first >= end) continue;
    if (isLinked && !ready) moveFields(shape, entries, to - from, scratch);
    ready = true;
    for (let u = first; u < end; u++) {
      const slice = <i32>min<f64>(<f64>(to - from), max<f64>(0, floor(z + <f64>u * zu - <f64>from + 0.5)));
      const entry = entries + <usize>slice * WEIGHTS_BYTES;
      const at = <usize>(v * nu + u);
      const px = steps(x + <f64>u * xu);
      const py = steps(y + <f64>u * yu);
      let value = 0;
      let apart = 0;
      let isOut = false;
      if (isLinked) {
        const moves = scratch + <usize>slice * MOVES;
        let a = 0;
        let b = 0;
        let isFar = false;
        for (let m = 0; m < 4 && !isFar; m++) {
          // The annotated slices on both sides first.
          const n = <usize>((m + 1) & 3);
          const weight = load<i32>(entry + (n << 2), WEIGHTS_FIELDS);
          const field = <usize>load<i32>(shape + (n << 2), SHAPE_FIELDS);
          if (field == 0 || (m > 1 && weight == 0)) continue;
          const geometry = shape + SHAPE_GEOMETRY + (n << 4);
          const move = moves + (n << 3);
          const whole = fieldAt(field, geometry, px + load<i32>(move), py + load<i32>(move, 4));
          const own = max(whole, load<i32>(shape + (n < 2 ? 0 : 4), SHAPE_LEAST));
          value += own * weight;
          if (m == 0) {
            a = own;
            apart = whole;
          }
          if (m == 1) {
            b = own;
            const nearer = max(apart, whole);
            isOut = nearer < <i32>(shared ? FAR_SHARED : FAR);
            isFar = doubts ? nearer < <i32>FAR_SHARED : isOut;
            apart = abs(apart - whole);
          }
        }
        if (isFar) continue;
        value += abs(a - b) * load<i32>(entry + <usize>(b > a ? 0 : 4), WEIGHTS_BULGE);
      } else {
        const side = <usize>(load<i32>(shape, SHAPE_KIND) == LONE_FROM ? 0 : 8);
        const shrunk = load<f64>(entry + side, WEIGHTS_SHRUNK);
        if (shrunk >= 1 && !doubts) continue;
        apart = load<i32>(shape, SHAPE_RADIUS);
        const own = fieldAt(<usize>load<i32>(shape, SHAPE_FIELDS + 4), shape + SHAPE_GEOMETRY + 16, px, py);
        value = (own << 14) - <i32>floor(<f64>apart * shrunk * 16384 + 0.5);
      }
      if (segment == 0) {
        store<i32>(union + (at << 2), max(load<i32>(union + (at << 2)), value));
        continue;
      }
      if (doubts) {
        const t = <f64>slice / <f64>(to - from);
        enterOne(value, <i32>floor(<f64>apart * 4 * t * (1 - t) + 0.5), segment, doubts + at * DOUBT_BYTES);
      }
      if (isOut) continue;
      const may = value > 0 || (shared != 0 && value + load<i32>(union + (at << 2)) > 0);
      if (!may || value <= load<i32>(best + (at << 2))) continue;
      store<i32>(best + (at << 2), value);
      store<u16>(label + (at << 1), <u16>segment);
    }
  }
}

/** Of the pixels first << 32 | end (outside) those where start + u · step lies from `low` to `high`, both inside. */
function narrowed(ends: i64, start: f64, step: f64, low: f64, high: f64): i64 {
  let first = <f64>(ends >> 32);
  let end = <f64>(<i32>ends);
  if (step == 0) return start < low || start > high ? 0 : ends;
  const a = (low - start) / step;
  const b = (high - start) / step;
  first = max(first, ceil(min(a, b)));
  end = min(end, floor(max(a, b)) + 1);
  return first >= end ? 0 : ((<i64>first) << 32) | <i64>end;
}

/** How far the fields of a shape are moved on each of its slices, in steps of 1/128 pixel. */
function moveFields(shape: usize, entries: usize, slices: i32, to: usize): void {
  for (let slice = 0; slice <= slices; slice++) {
    const entry = entries + <usize>slice * WEIGHTS_BYTES;
    let placeU: f64 = 0;
    let placeV: f64 = 0;
    for (let n: usize = 0; n < 4; n++) {
      const weight = load<f64>(entry + (n << 3), WEIGHTS_PATH);
      placeU += weight * load<f64>(shape + (n << 4), SHAPE_PATH);
      placeV += weight * load<f64>(shape + (n << 4), SHAPE_PATH + 8);
    }
    for (let n: usize = 0; n < 4; n++) {
      const move = to + <usize>slice * MOVES + (n << 3);
      store<i32>(move, steps(load<f64>(shape + (n << 4), SHAPE_PATH) - placeU));
      store<i32>(move, steps(load<f64>(shape + (n << 4), SHAPE_PATH + 8) - placeV), 4);
    }
  }
}

/** A field at a place in steps of 1/128 pixel, bilinearly; beyond its edge its value there. */
function fieldAt(field: usize, geometry: usize, x: i32, y: i32): i32 {
  const w = load<i32>(geometry, 8);
  const h = load<i32>(geometry, 12);
  const i = (x >> 7) - load<i32>(geometry);
  const j = (y >> 7) - load<i32>(geometry, 4);
  const a = x & 127;
  const b = y & 127;
  const near = (<usize>min(max(i, 0), w - 1)) << 1;
  const next = (<usize>min(max(i + 1, 0), w - 1)) << 1;
  const upper = field + ((<usize>(min(max(j, 0), h - 1) * strideOf(w))) << 1);
  const lower = field + ((<usize>(min(max(j + 1, 0), h - 1) * strideOf(w))) << 1);
  const above = <i32>load<i16>(upper + near) * (128 - a) + <i32>load<i16>(upper + next) * a;
  const below = <i32>load<i16>(lower + near) * (128 - a) + <i32>load<i16>(lower + next) * a;
  return (above * (128 - b) + below * b + 8192) >> 14;
}
