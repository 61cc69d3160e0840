/*
 * Shapes of one slice between annotated ones: distance fields moved along the path of their shape and blended, in whole numbers, so
 * that neither the order of the axes nor that of additions decides a pixel; and the contest between segments.
 */
import {
  DOUBT_BYTES,
  LINKED,
  LONE_FROM,
  SHAPE_BOXES,
  SHAPE_BYTES,
  SHAPE_LEAST,
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

/** Fields are moved by whole steps of 1/128 pixel. */
const SUB: f64 = 128;
/** Distances outside on both slices beyond which a pixel is none of a shape's, and where the union may help it, or doubts are told. */
export const FAR: i16 = -2 * 64;
export const FAR_SHARED: i16 = -6 * 64;

/** Less than any value of a shape. */
export const LEAST: i32 = -(1 << 30);

/** Sets `count` values (i32, room for a multiple of 4) to less than any of a shape. */
export function fillLeast(to: usize, count: i32): void {
  const end = to + ((<usize>count) << 2);
  for (let at = to; at < end; at += 16) v128.store(at, i32x4.splat(LEAST));
}

/** Bytes of scratch for slices up to nu pixels wide: four rows of moved fields. */
export function fillShapesScratch(nu: i32): usize {
  return <usize>(nu + 64) * 8;
}

/**
 * Enters `count` shapes into the contest on a slice of nu × nv: `best` (i32), `label` (u16) and `union` (i32) hold the best value so
 * far, its segment and the union's value. Shapes of the union come first, then segments in ascending order: the lower one keeps a
 * tie. A value enters where it is above 0, or where it and the union's together are. `doubts` (0: not asked for) is what
 * `fillDoubts` works on.
 */
export function fillShapes(
  shapes: usize,
  count: i32,
  weights: usize,
  nu: i32,
  nv: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
  scratch: usize,
): void {
  for (let n = 0; n < count; n++) {
    const shape = shapes + <usize>n * SHAPE_BYTES;
    const entry = weights + <usize>load<i32>(shape, SHAPE_WEIGHTS) * WEIGHTS_BYTES;
    if (load<i32>(shape, SHAPE_KIND) == LINKED) linked(shape, entry, nu, nv, best, label, union, doubts, scratch);
    else lone(shape, entry, nu, nv, best, label, union, doubts);
  }
}

function linked(
  shape: usize,
  entry: usize,
  nu: i32,
  nv: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
  scratch: usize,
): void {
  let placeU: f64 = 0;
  let placeV: f64 = 0;
  for (let n: usize = 0; n < 4; n++) {
    const weight = load<f64>(entry + (n << 3), WEIGHTS_PATH);
    placeU += weight * load<f64>(shape + (n << 4), SHAPE_PATH);
    placeV += weight * load<f64>(shape + (n << 4), SHAPE_PATH + 8);
  }
  const fromU = steps(load<f64>(shape, SHAPE_PATH + 16) - placeU);
  const fromV = steps(load<f64>(shape, SHAPE_PATH + 24) - placeV);
  const toU = steps(load<f64>(shape, SHAPE_PATH + 32) - placeU);
  const toV = steps(load<f64>(shape, SHAPE_PATH + 40) - placeV);
  const margin = load<i32>(shape, SHAPE_MARGIN);
  const from = shape + SHAPE_BOXES;
  const to = from + 16;
  const segment = load<i32>(shape, SHAPE_LABEL);
  const shared = load<i32>(shape, SHAPE_SHARED);
  const least = shared || doubts ? FAR_SHARED : FAR;
  // A row more than so many beyond both boxes is too far outside all along.
  const rows = min(margin, 2 - (<i32>least >> 6));
  const u0 = max(0, min(low(load<i32>(from), fromU), low(load<i32>(to), toU)) - margin);
  const v0 = max(0, min(low(load<i32>(from, 4), fromV), low(load<i32>(to, 4), toV)) - rows);
  const u1 = min(nu, max(high(load<i32>(from, 8), fromU), high(load<i32>(to, 8), toU)) + margin);
  const v1 = min(nv, max(high(load<i32>(from, 12), fromV), high(load<i32>(to, 12), toV)) + rows);
  const width = u1 - u0;
  if (width <= 0) return;
  const rowBytes = (<usize>(nu + 64)) << 1;
  const outer = load<i32>(entry, WEIGHTS_FIELDS) != 0 || load<i32>(entry, WEIGHTS_FIELDS + 12) != 0;
  const hasOuter = outer && (load<i32>(shape, SHAPE_FIELDS) != 0 || load<i32>(shape, SHAPE_FIELDS + 12) != 0);
  const isUnsure = i16x8.splat(least);
  for (let v = v0; v < v1; v++) {
    for (let n: usize = 1; n < 3; n++) {
      const field = <usize>load<i32>(shape + (n << 2), SHAPE_FIELDS);
      const du = n == 1 ? fromU : toU;
      const dv = n == 1 ? fromV : toV;
      movedRow(field, shape + SHAPE_GEOMETRY + (n << 4), u0, v, width, du, dv, scratch + n * rowBytes);
    }
    // Pixels that are all far outside on both slices need no blend.
    let first = 0;
    while (first < width && isFar(scratch, rowBytes, first, isUnsure)) first += 8;
    if (first >= width) continue;
    let end = (width + 7) & ~7;
    while (isFar(scratch, rowBytes, end - 8, isUnsure)) end -= 8;
    end = min(end, width);
    if (hasOuter) {
      for (let n: usize = 0; n < 4; n += 3) {
        const row = scratch + n * rowBytes + ((<usize>first) << 1);
        const field = <usize>load<i32>(shape + (n << 2), SHAPE_FIELDS);
        if (field == 0) {
          memory.fill(row, 0, ((<usize>(end - first)) << 1) + 16);
        } else {
          const du = steps(load<f64>(shape + (n << 4), SHAPE_PATH) - placeU);
          const dv = steps(load<f64>(shape + (n << 4), SHAPE_PATH + 8) - placeV);
          movedRow(field, shape + SHAPE_GEOMETRY + (n << 4), u0 + first, v, end - first, du, dv, row);
        }
      }
    }
    const at = <usize>(v * nu + u0 + first);
    blendRow(
      scratch + ((<usize>first) << 1),
      rowBytes,
      entry,
      hasOuter,
      end - first,
      <i16>load<i32>(shape, SHAPE_LEAST),
      <i16>load<i32>(shape, SHAPE_LEAST + 4),
      segment,
      shared,
      best + (at << 2),
      label + (at << 1),
      union + (at << 2),
      doubts == 0 || segment == 0 ? 0 : doubts + at * DOUBT_BYTES,
    );
  }
}

/** Whether eight pixels are less than a bound on both annotated slices. */
function isFar(rows: usize, rowBytes: usize, u: i32, bound: v128): bool {
  const at = rows + rowBytes + ((<usize>u) << 1);
  return i16x8.all_true(i16x8.lt_s(i16x8.max_s(v128.load(at), v128.load(at + rowBytes)), bound));
}

/** Pixels from a row of a field to the next: whole vectors, of which what lies beyond the field's width is not read. */
export function strideOf(width: i32): i32 {
  return (width + 7) & ~7;
}

/** Steps of 1/128 pixel. */
export function steps(pixels: f64): i32 {
  return <i32>floor(pixels * SUB + 0.5);
}

/** Whole pixels at or below, and above, a place that is moved back by steps. */
function low(at: i32, by: i32): i32 {
  return ((at << 7) - by) >> 7;
}
function high(at: i32, by: i32): i32 {
  return ((at << 7) - by + 127) >> 7;
}

/**
 * Row v of a field moved by (du, dv) steps, `width` pixels from u0 on, as i16: pixel (u, v) samples the field at (u + du, v + dv),
 * bilinearly; beyond the field's edge its value there.
 */
function movedRow(field: usize, geometry: usize, u0: i32, v: i32, width: i32, du: i32, dv: i32, to: usize): void {
  const w = load<i32>(geometry, 8);
  const h = load<i32>(geometry, 12);
  const x = u0 + (du >> 7) - load<i32>(geometry);
  const y = v + (dv >> 7) - load<i32>(geometry, 4);
  const partU = du & 127;
  const partV = dv & 127;
  const upper = field + ((<usize>(min(max(y, 0), h - 1) * strideOf(w))) << 1);
  const lower = field + ((<usize>(min(max(y + 1, 0), h - 1) * strideOf(w))) << 1);
  // Pixels whose two columns both lie in the field.
  const first = min(max(-x, 0), width);
  const end = min(max(w - 1 - x, first), width);
  const above = i16x8.splat(<i16>((128 - partU) * (128 - partV)));
  const aboveNext = i16x8.splat(<i16>(partU * (128 - partV)));
  const below = i16x8.splat(<i16>((128 - partU) * partV));
  const belowNext = i16x8.splat(<i16>(partU * partV));
  const forAbove = v128.shuffle<i16>(above, aboveNext, 0, 8, 1, 9, 2, 10, 3, 11);
  const forBelow = v128.shuffle<i16>(below, belowNext, 0, 8, 1, 9, 2, 10, 3, 11);
  const half = i32x4.splat(8192);
  for (let u = first; u < end; u += 8) {
    const at = (<usize>(x + u)) << 1;
    const a = v128.load(upper + at);
    const b = v128.load(upper + at, 2);
    const c = v128.load(lower + at);
    const d = v128.load(lower + at, 2);
    const left = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), forAbove),
      i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), forBelow),
    );
    const right = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), forAbove),
      i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15), forBelow),
    );
    v128.store(
      to + ((<usize>u) << 1),
      i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(left, half), 14), i32x4.shr_s(i32x4.add(right, half), 14)),
    );
  }
  if (first > 0) edge(upper, lower, 0, partV, to, 0, first);
  if (end < width) edge(upper, lower, w - 1, partV, to, end, width);
}

/** Pixels `from` to `end` that lie beyond column `column`. */
function edge(upper: usize, lower: usize, column: i32, partV: i32, to: usize, from: i32, end: i32): void {
  const at = (<usize>column) << 1;
  const value =
    (<i32>load<i16>(upper + at) * (128 - partV) * 128 + <i32>load<i16>(lower + at) * partV * 128 + 8192) >> 14;
  for (let u = from; u < end; u++) store<i16>(to + ((<usize>u) << 1), <i16>value);
}

/** Blends the moved rows and enters the result; `best`, `label` and `union` begin at the row's first pixel. */
function blendRow(
  rows: usize,
  rowBytes: usize,
  entry: usize,
  hasOuter: bool,
  width: i32,
  leastFrom: i16,
  leastTo: i16,
  segment: i32,
  shared: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
): void {
  const atLeastFrom = i16x8.splat(leastFrom);
  const atLeastTo = i16x8.splat(leastTo);
  const forInner = pair(load<i32>(entry, WEIGHTS_FIELDS + 4), load<i32>(entry, WEIGHTS_FIELDS + 8));
  const forOuter = pair(load<i32>(entry, WEIGHTS_FIELDS), load<i32>(entry, WEIGHTS_FIELDS + 12));
  const growing = i16x8.splat(<i16>load<i32>(entry, WEIGHTS_BULGE));
  const dwindling = i16x8.splat(<i16>load<i32>(entry, WEIGHTS_BULGE + 4));
  const bulges = load<i64>(entry, WEIGHTS_BULGE) != 0;
  const inner = rows + rowBytes;
  const far = i16x8.splat(shared ? FAR_SHARED : FAR);
  const none = i32x4.splat(LEAST);
  for (let u = 0; u < width; u += 8) {
    const at = (<usize>u) << 1;
    const from = v128.load(inner + at);
    const to = v128.load(inner + rowBytes + at);
    const nearer = i16x8.max_s(from, to);
    const a = i16x8.max_s(from, atLeastFrom);
    const b = i16x8.max_s(to, atLeastTo);
    let left = i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), forInner);
    let right = i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), forInner);
    if (hasOuter) {
      const c = i16x8.max_s(v128.load(rows + at), atLeastFrom);
      const d = i16x8.max_s(v128.load(rows + 3 * rowBytes + at), atLeastTo);
      left = i32x4.add(left, i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), forOuter));
      right = i32x4.add(right, i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15), forOuter));
    }
    if (bulges) {
      const apart = i16x8.abs(i16x8.sub_sat_s(a, b));
      const by = v128.bitselect(growing, dwindling, i16x8.gt_s(b, a));
      left = i32x4.add(left, i32x4.extmul_low_i16x8_s(apart, by));
      right = i32x4.add(right, i32x4.extmul_high_i16x8_s(apart, by));
    }
    const place = (<usize>u) << 2;
    const rest = width - u;
    if (doubts) {
      const apart = i16x8.abs(i16x8.sub_sat_s(from, to));
      const unsaid = i16x8.lt_s(nearer, i16x8.splat(FAR_SHARED));
      const first = v128.bitselect(none, left, i32x4.extend_low_i16x8_s(unsaid));
      const second = v128.bitselect(none, right, i32x4.extend_high_i16x8_s(unsaid));
      enterDoubt(first, i32x4.extend_low_i16x8_s(apart), segment, doubts + <usize>u * DOUBT_BYTES, rest);
      const next = doubts + <usize>(u + 4) * DOUBT_BYTES;
      enterDoubt(second, i32x4.extend_high_i16x8_s(apart), segment, next, rest - 4);
    }
    // Pixel by pixel, so that what lies beside one decides nothing.
    const isOut = i16x8.lt_s(nearer, far);
    left = v128.bitselect(none, left, i32x4.extend_low_i16x8_s(isOut));
    right = v128.bitselect(none, right, i32x4.extend_high_i16x8_s(isOut));
    if (segment == 0) {
      enterUnion(left, union + place, rest);
      if (rest > 4) enterUnion(right, union + place + 16, rest - 4);
    } else {
      enter(left, segment, shared, best + place, label + at, union + place, rest);
      if (rest > 4) enter(right, segment, shared, best + place + 16, label + at + 8, union + place + 16, rest - 4);
    }
  }
}

function pair(first: i32, second: i32): v128 {
  return i32x4.splat((first & 0xffff) | (second << 16));
}

/** Lanes that are among the next `rest` pixels. */
function lanes(rest: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
}

function enterUnion(value: v128, union: usize, rest: i32): void {
  const held = v128.load(union);
  v128.store(union, v128.bitselect(i32x4.max_s(held, value), held, lanes(rest)));
}

function enter(value: v128, segment: i32, shared: i32, best: usize, label: usize, union: usize, rest: i32): void {
  let may = i32x4.gt_s(value, i32x4.splat(0));
  if (shared) may = v128.or(may, i32x4.gt_s(i32x4.add(value, v128.load(union)), i32x4.splat(0)));
  const held = v128.load(best);
  const wins = v128.and(v128.and(may, i32x4.gt_s(value, held)), lanes(rest));
  if (!v128.any_true(wins)) return;
  v128.store(best, v128.bitselect(value, held, wins));
  const four = v128.load64_zero(label);
  const won = v128.bitselect(i16x8.splat(<i16>segment), four, i16x8.narrow_i32x4_s(wins, wins));
  v128.store64_lane(label, won, 0);
}

/** A shape without a partner: its own field, less by what it has shrunk. */
function lone(
  shape: usize,
  entry: usize,
  nu: i32,
  nv: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
): void {
  const shrunk = load<f64>(entry + (load<i32>(shape, SHAPE_KIND) == LONE_FROM ? 0 : 8), WEIGHTS_SHRUNK);
  if (shrunk >= 1 && !doubts) return;
  const less = <i32>floor(<f64>load<i32>(shape, SHAPE_RADIUS) * shrunk * 16384 + 0.5);
  const box = shape + SHAPE_BOXES;
  const u0 = load<i32>(box);
  const width = load<i32>(box, 8) - u0;
  const segment = load<i32>(shape, SHAPE_LABEL);
  const shared = load<i32>(shape, SHAPE_SHARED);
  const geometry = shape + SHAPE_GEOMETRY + 16;
  const w = load<i32>(geometry, 8);
  const minus = i32x4.splat(less);
  for (let v = load<i32>(box, 4), v1 = load<i32>(box, 12); v < v1; v++) {
    const x = u0 - load<i32>(geometry);
    const y = v - load<i32>(geometry, 4);
    const row = <usize>load<i32>(shape, SHAPE_FIELDS + 4) + ((<usize>(y * strideOf(w) + x)) << 1);
    const at = <usize>(v * nu + u0);
    for (let u = 0; u < width; u += 4) {
      const four = i32x4.shl(i32x4.extend_low_i16x8_s(v128.load64_zero(row + ((<usize>u) << 1))), 14);
      const value = i32x4.sub(four, minus);
      const place = (at + <usize>u) << 2;
      if (segment == 0) enterUnion(value, union + place, width - u);
      else enter(value, segment, shared, best + place, label + ((at + <usize>u) << 1), union + place, width - u);
      if (doubts && segment != 0) {
        // It may be anything from gone to whole.
        const apart = i32x4.splat(load<i32>(shape, SHAPE_RADIUS));
        enterDoubt(value, apart, segment, doubts + (at + <usize>u) * DOUBT_BYTES, width - u);
      }
    }
  }
}

/** Enters up to four values (i32) of a segment; `rest` pixels are left of the row. */
function enterDoubt(values: v128, apart: v128, segment: i32, at: usize, rest: i32): void {
  if (rest > 0) enterOne(i32x4.extract_lane(values, 0), i32x4.extract_lane(apart, 0), segment, at);
  if (rest > 1) enterOne(i32x4.extract_lane(values, 1), i32x4.extract_lane(apart, 1), segment, at + DOUBT_BYTES);
  if (rest > 2) enterOne(i32x4.extract_lane(values, 2), i32x4.extract_lane(apart, 2), segment, at + 2 * DOUBT_BYTES);
  if (rest > 3) enterOne(i32x4.extract_lane(values, 3), i32x4.extract_lane(apart, 3), segment, at + 3 * DOUBT_BYTES);
}

/** Enters a value of a segment, and how far its fields are apart, into a pixel's doubt. */
export function enterOne(value: i32, apart: i32, segment: i32, at: usize): void {
  const most = load<i32>(at);
  if (value > most) {
    if (load<i32>(at, 12) != segment) store<i32>(at, most, 4);
    store<i32>(at, value);
    store<i32>(at, apart, 8);
    store<i32>(at, segment, 12);
  } else if (load<i32>(at, 12) != segment && value > load<i32>(at, 4)) {
    store<i32>(at, value, 4);
  }
}
