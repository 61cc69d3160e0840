/*
 * What becomes of labels by distance. Fields are squared distances, f32; labels u16; all are boxes of ci × cj × ck inside larger
 * ones, strides in bytes.
 */

import { endOfRun } from "../labels/boxes";
import { FAR } from "./columns";

/** Squared distances whose ratio is nearer to 1 than this count as the same: a millionth of the distance. */
const NEARER: f32 = 0.999998;

/**
 * Gives `label` to the voxels whose distance is within `limit` and nearer than the best so far, which it becomes. Labels that come
 * in ascending order make the lower one win where two are equally near.
 */
export function claimNearest(
  field: usize,
  fieldRow: usize,
  fieldPlane: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  limit: f32,
  label: i32,
  best: usize,
  bestRow: usize,
  bestPlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  const limits = f32x4.splat(limit);
  const nearer = f32x4.splat(NEARER);
  const labels = i16x8.splat(<i16>label);
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let own = field + <usize>k * fieldPlane + <usize>j * fieldRow;
      let held = best + <usize>k * bestPlane + <usize>j * bestRow;
      let target = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      for (; i + 4 <= ci; i += 4, own += 16, held += 16, target += 8) {
        const squares = v128.load(own);
        if (!v128.any_true(f32x4.le(squares, limits))) continue;
        const old = v128.load(held);
        const wins = v128.and(f32x4.le(squares, limits), f32x4.lt(squares, f32x4.mul(old, nearer)));
        v128.store(held, v128.bitselect(squares, old, wins));
        const winners = i16x8.narrow_i32x4_s(wins, wins);
        v128.store64_lane(target, v128.bitselect(labels, v128.load64_zero(target), winners), 0);
      }
      for (; i < ci; i++, own += 4, held += 4, target += 2) {
        const square = load<f32>(own);
        if (!(square <= limit && square < load<f32>(held) * NEARER)) continue;
        store<f32>(held, square);
        store<u16>(target, <u16>label);
      }
    }
  }
}

/**
 * Makes background of the voxels that were `label` and whose distance in a dense field is within `limit`, or beyond it where
 * `beyond` is not 0.
 */
export function clearOfLabel(
  field: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  limit: f32,
  beyond: i32,
  label: i32,
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  let own = field;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      let target = after + <usize>k * afterPlane + <usize>j * afterRow;
      for (let i = 0; i < ci; i++, own += 4, old += 2, target += 2) {
        if (load<u16>(old) == <u16>label && load<f32>(own) <= limit != (beyond != 0)) store<u16>(target, 0);
      }
    }
  }
}

/** Makes background of all voxels that were members (a byte a label). */
export function clearMembers(
  members: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      const old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      const target = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      while (i < ci) {
        const label = load<u16>(old + ((<usize>i) << 1));
        const end = endOfRun(old, i, ci, label);
        if (load<u8>(members + label)) memory.fill(target + ((<usize>i) << 1), 0, (<usize>(end - i)) << 1);
        i = end;
      }
    }
  }
}

/** Puts FAR into a field where another, dense one is within `limit`. */
export function farWhereWithin(
  other: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  limit: f32,
  field: usize,
  fieldRow: usize,
  fieldPlane: usize,
): void {
  let own = other;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let target = field + <usize>k * fieldPlane + <usize>j * fieldRow;
      for (let i = 0; i < ci; i++, own += 4, target += 4) if (load<f32>(own) <= limit) store<f32>(target, FAR);
    }
  }
}
