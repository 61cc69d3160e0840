import { CELL_KEYS, CELL_TOUCHED, CELL_VALUES, FAR, JOB_SHIFT, JOB_STEPS, JOB_WIDE } from "../../memory/seeds";
import { SCRATCH_PLANES } from "../../memory/seeds";
import { makeVoxelDirty } from "./lines";
import { axisOf, NEAR_KEYS, NEAR_KEY_STEPS, NEAR_VALUES, NEAR_VALUE_STEPS } from "./near";
import { cutOf } from "./steps";

/*
 * Two planes of 32×32 voxels that meet: the outer one of the cell in hand and that of its neighbour, copied to scratch side by side so
 * that voxels lie in vectors whatever axis the planes are across. The plane that gives has a border of one voxel that gives nothing,
 * so that voxels beside one another need no care at the edges.
 *
 *   keys     34 rows of 48 (32 with 8 either side), 6,528 B     values     the same in 16 bits, 3,264 B
 */

const KEY_ROW: usize = 192;
const VALUE_ROW: usize = 96;
const GIVING: usize = SCRATCH_PLANES;
const GIVING_VALUES: usize = SCRATCH_PLANES + 6528;
const TAKING: usize = SCRATCH_PLANES + 9792;
const TAKING_VALUES: usize = SCRATCH_PLANES + 16320;
/** First voxel of a plane from its start: one row and eight voxels in. */
const FIRST: usize = 192 + 32;
const FIRST_VALUE: usize = 96 + 16;

/** Differences of eight values, cut to what no path may cost. (Functions of vectors cannot be exported without a warning.) */
function differences(a: v128, b: v128, cut: v128): v128 {
  return i16x8.min_u(v128.or(i16x8.sub_sat_u(a, b), i16x8.sub_sat_u(b, a)), cut);
}

/** Takes over what the plane of the neighbour in direction `d`, a face, offers. */
export function pullPlane(job: usize, cell: usize, d: i32, scratch: usize): void {
  const axis = axisOf(d);
  const own = ownPlane(axis, d > 13);
  copyOwn(cell, axis, own, scratch, TAKING, TAKING_VALUES, -1);
  copyNear(scratch, axis, d > 13, GIVING, GIVING_VALUES, 0x7fffffff);
  borderGiving(scratch);
  for (let v: usize = 0; v < 32; v++) {
    if (meetRow(job, d, axis, scratch, v, true) == FAR) continue;
    // Some key of the row sank: back to the cell with those that did.
    const from = scratch + TAKING + FIRST + v * KEY_ROW;
    for (let u: usize = 0; u < 32; u++) {
      const voxel = own + u * stepU(axis) + v * stepV(axis);
      const key = cell + CELL_KEYS + (voxel << 2);
      const sunk = load<i32>(from + (u << 2));
      if (sunk == load<i32>(key)) continue;
      store<i32>(key, sunk);
      makeVoxelDirty(cell, voxel);
    }
  }
}

/** The smallest key that the plane of the neighbour in direction `d` would take over; FAR when there is none, or nothing was touched. */
export function probePlane(job: usize, cell: usize, d: i32, scratch: usize): i32 {
  const axis = axisOf(d);
  if (!planeTouched(cell, d)) return FAR;
  copyOwn(cell, axis, ownPlane(axis, d > 13), scratch, GIVING, GIVING_VALUES, 0x7fffffff);
  copyNear(scratch, axis, d > 13, TAKING, TAKING_VALUES, -1);
  borderGiving(scratch);
  let best = FAR;
  for (let v: usize = 0; v < 32; v++) best = min<i32>(best, meetRow(job, d, axis, scratch, v, false));
  return best;
}

/** Number of the first voxel of a plane in its cell. */
function ownPlane(axis: i32, far: bool): usize {
  return far ? (axis == 0 ? 31 : axis == 1 ? 992 : 31744) : 0;
}

/** Voxels from one of a plane to the next along its lower and its higher axis. */
function stepU(axis: i32): usize {
  return axis == 0 ? 32 : 1;
}

function stepV(axis: i32): usize {
  return axis == 2 ? 32 : 1024;
}

/** Whether a line of the plane was run since its neighbour was told. */
function planeTouched(cell: usize, d: i32): bool {
  const touched = cell + CELL_TOUCHED;
  if (d == 4 || d == 22) return load<u64>(touched + (d == 4 ? 0 : 248)) != 0;
  const lines: u64 = d == 12 ? 0x5555555555555555 : d == 14 ? 0xaaaaaaaaaaaaaaaa : d == 10 ? 3 : 0xc000000000000000;
  let any: u64 = 0;
  for (let k: usize = 0; k < 256; k += 8) any |= load<u64>(touched + k);
  return (any & lines) != 0;
}

function copyOwn(cell: usize, axis: i32, first: usize, scratch: usize, keys: usize, values: usize, mask: i32): void {
  const u = stepU(axis);
  const v = stepV(axis);
  const from = cell + CELL_KEYS + (first << 2);
  const fromValues = cell + CELL_VALUES + (first << 1);
  copyPlane(
    from,
    u << 2,
    v << 2,
    fromValues,
    u << 1,
    v << 1,
    scratch + keys + FIRST,
    scratch + values + FIRST_VALUE,
    mask,
  );
}

function copyNear(scratch: usize, axis: i32, far: bool, keys: usize, values: usize, mask: i32): void {
  const across = (<usize>axis) << 2;
  const alongU: usize = axis == 0 ? 4 : 0;
  const alongV: usize = axis == 2 ? 4 : 8;
  const edge: usize = far ? 0 : 31;
  const k = scratch + NEAR_KEY_STEPS;
  const w = scratch + NEAR_VALUE_STEPS;
  copyPlane(
    <usize>load<u32>(scratch, NEAR_KEYS) + edge * <usize>load<u32>(k + across),
    <usize>load<u32>(k + alongU),
    <usize>load<u32>(k + alongV),
    <usize>load<u32>(scratch, NEAR_VALUES) + edge * <usize>load<u32>(w + across),
    <usize>load<u32>(w + alongU),
    <usize>load<u32>(w + alongV),
    scratch + keys + FIRST,
    scratch + values + FIRST_VALUE,
    mask,
  );
}

/** Copies a plane with the bits of keys that `mask` leaves. */
function copyPlane(
  keys: usize,
  keyU: usize,
  keyV: usize,
  values: usize,
  valueU: usize,
  valueV: usize,
  to: usize,
  toValues: usize,
  mask: i32,
): void {
  const bits = i32x4.splat(mask);
  for (let v: usize = 0; v < 32; v++, to += KEY_ROW, toValues += VALUE_ROW) {
    let from = keys + v * keyV;
    let fromValues = values + v * valueV;
    if (keyU == 4) {
      for (let n: usize = 0; n < 128; n += 16) v128.store(to + n, v128.and(v128.load(from + n), bits));
      for (let n: usize = 0; n < 64; n += 16) v128.store(toValues + n, v128.load(fromValues + n));
      continue;
    }
    for (let u: usize = 0; u < 32; u++, from += keyU, fromValues += valueU) {
      store<i32>(to + (u << 2), load<i32>(from) & mask);
      store<u16>(toValues + (u << 1), load<u16>(fromValues));
    }
  }
}

/** Lets the border of the giving plane give nothing. */
function borderGiving(scratch: usize): void {
  const far = i32x4.splat(FAR);
  const plane = scratch + GIVING;
  for (let n: usize = 0; n < KEY_ROW; n += 16) {
    v128.store(plane + n, far);
    v128.store(plane + 33 * KEY_ROW + n, far);
  }
  for (let v: usize = 1; v < 33; v++) {
    store<i32>(plane + v * KEY_ROW, FAR, 28);
    store<i32>(plane + v * KEY_ROW, FAR, 160);
  }
}

/** Offers what meets a row of the taking plane; the smallest key that sank (kept if `keep`), FAR when none did. */
function meetRow(job: usize, d: i32, axis: i32, scratch: usize, v: usize, keep: bool): i32 {
  const shift = load<i32>(job, JOB_SHIFT);
  const cut = i16x8.splat(<i16>cutOf(shift));
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const beside = load<i32>(job, JOB_WIDE);
  // From a direction to those one voxel further along the plane's axes.
  const turnU = axis == 0 ? 3 : 1;
  const turnV = axis == 2 ? 3 : 9;
  const far = i32x4.splat(FAR);
  let best = far;
  for (let u: usize = 0; u < 32; u += 8) {
    const target = scratch + TAKING + FIRST + v * KEY_ROW + (u << 2);
    const value = v128.load(scratch + TAKING_VALUES + FIRST_VALUE + v * VALUE_ROW + (u << 1));
    let low = far;
    let high = far;
    for (let ev = -beside; ev <= beside; ev++) {
      const row = <usize>(<i32>v + ev + 1);
      const sources = scratch + GIVING + row * KEY_ROW + 32 + (u << 2);
      const values = scratch + GIVING_VALUES + row * VALUE_ROW + 16 + (u << 1);
      for (let eu = -beside; eu <= beside; eu++) {
        const step = i32x4.splat(load<i32>(job + ((<usize>(d + eu * turnU + ev * turnV)) << 2), JOB_STEPS));
        const apart = differences(value, v128.load(values + <usize>(eu * 2)), cut);
        const from = sources + <usize>(eu * 4);
        low = i32x4.min_s(low, i32x4.add(i32x4.add(v128.load(from), step), i32x4.extmul_low_i16x8_u(apart, factor)));
        high = i32x4.min_s(
          high,
          i32x4.add(i32x4.add(v128.load(from, 16), step), i32x4.extmul_high_i16x8_u(apart, factor)),
        );
      }
    }
    const k0 = v128.load(target);
    const k1 = v128.load(target, 16);
    best = i32x4.min_s(best, v128.bitselect(low, far, i32x4.lt_s(low, k0)));
    best = i32x4.min_s(best, v128.bitselect(high, far, i32x4.lt_s(high, k1)));
    if (!keep) continue;
    v128.store(target, i32x4.min_s(k0, low));
    v128.store(target, i32x4.min_s(k1, high), 16);
  }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}
