import { CELL_KEYS, CELL_TOUCHED, CELL_VALUES, FAR, JOB_STEPS, SCRATCH_SOURCES } from "../../memory/seeds";
import { makeDirty, moved } from "./lines";
import { NEAR_KEYS, NEAR_KEY_STEPS, NEAR_VALUES, NEAR_VALUE_STEPS } from "./near";
import { cutOf, offerVoxel } from "./steps";

/*
 * Voxels that share faces. Line 2j + half of plane k is that bit of word k; rows lie 128 bytes of keys and 64 of values apart,
 * planes 4,096 and 2,048. Across j and k whole rows of two cells meet, two lines each; what meets across i is in contact.ts.
 */

/** Differences of eight values, cut to what no path may cost. (Functions of vectors cannot be exported without a warning.) */
function differences(a: v128, b: v128, cut: v128): v128 {
  return i16x8.min_u(v128.or(i16x8.sub_sat_u(a, b), i16x8.sub_sat_u(b, a)), cut);
}

/** Offers 16 sources, the cost of the step's length already added, to the line at `keys`; 1 when a key sank. */
function offerLine(
  keys: usize,
  values: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  v0: v128,
  v1: v128,
  cut: v128,
  factor: v128,
): u64 {
  const d0 = differences(v128.load(values), v0, cut);
  const d1 = differences(v128.load(values, 16), v1, cut);
  const k0 = v128.load(keys);
  const k1 = v128.load(keys, 16);
  const k2 = v128.load(keys, 32);
  const k3 = v128.load(keys, 48);
  const n0 = i32x4.min_s(k0, i32x4.add(s0, i32x4.extmul_low_i16x8_u(d0, factor)));
  const n1 = i32x4.min_s(k1, i32x4.add(s1, i32x4.extmul_high_i16x8_u(d0, factor)));
  const n2 = i32x4.min_s(k2, i32x4.add(s2, i32x4.extmul_low_i16x8_u(d1, factor)));
  const n3 = i32x4.min_s(k3, i32x4.add(s3, i32x4.extmul_high_i16x8_u(d1, factor)));
  v128.store(keys, n0);
  v128.store(keys, n1, 16);
  v128.store(keys, n2, 32);
  v128.store(keys, n3, 48);
  const sunk = v128.or(v128.or(v128.xor(k0, n0), v128.xor(k1, n1)), v128.or(v128.xor(k2, n2), v128.xor(k3, n3)));
  return v128.any_true(sunk) ? 1 : 0;
}

/** A settled line offers its keys to the lines of its cell that share faces with it. */
export function spreadSix(
  job: usize,
  cell: usize,
  k: usize,
  line: usize,
  keys: usize,
  values: usize,
  scratch: usize,
  shift: i32,
): void {
  const most = cutOf(shift);
  const cut = i16x8.splat(<i16>most);
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const m0 = v128.load(scratch, SCRATCH_SOURCES);
  const m1 = v128.load(scratch, SCRATCH_SOURCES + 16);
  const m2 = v128.load(scratch, SCRATCH_SOURCES + 32);
  const m3 = v128.load(scratch, SCRATCH_SOURCES + 48);
  const v0 = v128.load(values);
  const v1 = v128.load(values, 16);
  const along = load<i32>(job, JOB_STEPS + 14 * 4);
  let own: u64 = 0;
  if (line & 1) {
    const source = i32x4.extract_lane(m0, 0) + along;
    if (offerVoxel(source, values, keys - 4, values - 2, shift, most)) own = moved(1, line - 1);
  } else {
    const source = i32x4.extract_lane(m3, 3) + along;
    if (offerVoxel(source, values + 30, keys + 64, values + 32, shift, most)) own = moved(1, line + 1);
  }
  let step = i32x4.splat(load<i32>(job, JOB_STEPS + 16 * 4));
  let s0 = i32x4.add(m0, step);
  let s1 = i32x4.add(m1, step);
  let s2 = i32x4.add(m2, step);
  let s3 = i32x4.add(m3, step);
  if (line >= 2) own |= moved(offerLine(keys - 128, values - 64, s0, s1, s2, s3, v0, v1, cut, factor), line - 2);
  if (line < 62) own |= moved(offerLine(keys + 128, values + 64, s0, s1, s2, s3, v0, v1, cut, factor), line + 2);
  makeDirty(cell, k, own);
  step = i32x4.splat(load<i32>(job, JOB_STEPS + 22 * 4));
  s0 = i32x4.add(m0, step);
  s1 = i32x4.add(m1, step);
  s2 = i32x4.add(m2, step);
  s3 = i32x4.add(m3, step);
  const bit = <u64>line;
  if (k > 0) {
    makeDirty(cell, k - 1, offerLine(keys - 4096, values - 2048, s0, s1, s2, s3, v0, v1, cut, factor) << bit);
  }
  if (k < 31) {
    makeDirty(cell, k + 1, offerLine(keys + 4096, values + 2048, s0, s1, s2, s3, v0, v1, cut, factor) << bit);
  }
}

/** Takes over what the rows of the neighbour beyond a face (axis 1 or 2, on the far side or not) offer. */
export function pullRows(cell: usize, scratch: usize, axis: i32, far: bool, step: i32, shift: i32): void {
  const cut = i16x8.splat(<i16>cutOf(shift));
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const steps = i32x4.splat(step);
  const sign = i32x4.splat(0x7fffffff);
  for (let n: usize = 0; n < 32; n++) {
    const j: usize = axis == 1 ? (far ? 31 : 0) : n;
    const k: usize = axis == 1 ? n : far ? 31 : 0;
    const from = nearRow(scratch, axis, far, n, NEAR_KEYS, NEAR_KEY_STEPS);
    const fromValues = nearRow(scratch, axis, far, n, NEAR_VALUES, NEAR_VALUE_STEPS);
    const row = k * 32 + j;
    let sunk: u64 = 0;
    for (let half: usize = 0; half < 2; half++) {
      const at = from + (half << 6);
      const s0 = i32x4.add(v128.and(v128.load(at), sign), steps);
      const s1 = i32x4.add(v128.and(v128.load(at, 16), sign), steps);
      const s2 = i32x4.add(v128.and(v128.load(at, 32), sign), steps);
      const s3 = i32x4.add(v128.and(v128.load(at, 48), sign), steps);
      const v0 = v128.load(fromValues + (half << 5));
      const v1 = v128.load(fromValues + (half << 5), 16);
      const keys = cell + CELL_KEYS + (row << 7) + (half << 6);
      const values = cell + CELL_VALUES + (row << 6) + (half << 5);
      sunk |= offerLine(keys, values, s0, s1, s2, s3, v0, v1, cut, factor) << (<u64>half);
    }
    makeDirty(cell, k, moved(sunk, 2 * j));
  }
}

/** The smallest key that the neighbour beyond a face would take over from touched lines; FAR when there is none. */
export function probeRows(cell: usize, scratch: usize, axis: i32, far: bool, step: i32, shift: i32): i32 {
  const cut = i16x8.splat(<i16>cutOf(shift));
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const steps = i32x4.splat(step);
  const sign = i32x4.splat(0x7fffffff);
  let best = i32x4.splat(FAR);
  for (let n: usize = 0; n < 32; n++) {
    const j: usize = axis == 1 ? (far ? 31 : 0) : n;
    const k: usize = axis == 1 ? n : far ? 31 : 0;
    const touched = load<u64>(cell + CELL_TOUCHED + (k << 3)) >> <u64>(2 * j);
    if ((touched & 3) == 0) continue;
    const to = nearRow(scratch, axis, far, n, NEAR_KEYS, NEAR_KEY_STEPS);
    const toValues = nearRow(scratch, axis, far, n, NEAR_VALUES, NEAR_VALUE_STEPS);
    const row = k * 32 + j;
    for (let part: usize = 0; part < 4; part++) {
      const values = cell + CELL_VALUES + (row << 6) + (part << 4);
      const keys = cell + CELL_KEYS + (row << 7) + (part << 5);
      const target = to + (part << 5);
      const d = differences(v128.load(values), v128.load(toValues + (part << 4)), cut);
      const low = i32x4.add(v128.and(v128.load(keys), sign), i32x4.add(steps, i32x4.extmul_low_i16x8_u(d, factor)));
      const high = i32x4.add(
        v128.and(v128.load(keys, 16), sign),
        i32x4.add(steps, i32x4.extmul_high_i16x8_u(d, factor)),
      );
      best = i32x4.min_s(best, v128.bitselect(low, best, i32x4.lt_s(low, v128.load(target))));
      best = i32x4.min_s(best, v128.bitselect(high, best, i32x4.lt_s(high, v128.load(target, 16))));
    }
  }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}

/** First voxel of the neighbour's row that meets row n of a face. */
function nearRow(scratch: usize, axis: i32, far: bool, n: usize, base: usize, steps: usize): usize {
  const opposite: usize = far ? 0 : 31;
  const at = scratch + steps;
  const j: usize = axis == 1 ? opposite : n;
  const k: usize = axis == 1 ? n : opposite;
  return <usize>load<u32>(scratch + base) + j * <usize>load<u32>(at, 4) + k * <usize>load<u32>(at, 8);
}
