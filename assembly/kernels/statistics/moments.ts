/* Voxels, sums of indices and of their products, and the box of every label, exact in 64-bit integers. */
import {
  rowOfRun,
  NO_ROW,
  SUM_I,
  SUM_II,
  SUM_IJ,
  SUM_IK,
  SUM_J,
  SUM_JJ,
  SUM_JK,
  SUM_K,
  SUM_KK,
  SUM_MAX,
  SUM_MIN,
  SUM_VOXELS,
  SUMS_BYTES,
} from "../../memory/statistics";

/** Drops the row runs of labels without a row, in place; returns how many are left. */
export function statisticsKeep(runs: usize, count: i32, rowOf: usize): i32 {
  let kept: usize = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    if (rowOfRun(rowOf, run) == NO_ROW) continue;
    store<u64>(runs + (kept++ << 3), run);
  }
  return <i32>kept;
}

/** Adds the row runs of a brick whose first voxel is (i0, j0, k0). */
export function statisticsMoments(runs: usize, count: i32, rowOf: usize, sums: usize, i0: i32, j0: i32, k0: i32): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const row = rowOfRun(rowOf, run);
    if (row == NO_ROW) continue;
    const first = i0 + <i32>((run >> 16) & 0xff);
    const last = i0 + <i32>((run >> 24) & 0xff);
    const j = j0 + <i32>((run >> 32) & 0xff);
    const k = k0 + <i32>((run >> 40) & 0xff);
    addRun(sums + <usize>row * SUMS_BYTES, first, last, j, k);
  }
}

function addRun(at: usize, first: i32, last: i32, j: i32, k: i32): void {
  const voxels = <i64>(last - first + 1);
  const jj = <i64>j;
  const kk = <i64>k;
  // An arithmetic series, and the difference of two sums of squares.
  const i = ((<i64>first + <i64>last) * voxels) >> 1;
  const before = load<i64>(at, SUM_VOXELS);
  store<i64>(at, before + voxels, SUM_VOXELS);
  add(at + SUM_I, i);
  add(at + SUM_J, jj * voxels);
  add(at + SUM_K, kk * voxels);
  add(at + SUM_II, sumOfSquares(<i64>last) - sumOfSquares(<i64>first - 1));
  add(at + SUM_JJ, jj * jj * voxels);
  add(at + SUM_KK, kk * kk * voxels);
  add(at + SUM_IJ, i * jj);
  add(at + SUM_IK, i * kk);
  add(at + SUM_JK, jj * kk * voxels);
  if (before == 0) {
    startBox(at, first, last, j, k);
    return;
  }
  widen(at, first, last);
  widen(at + 4, j, j);
  widen(at + 8, k, k);
}

/** 0² + 1² + … + n²; also for n = −1. */
function sumOfSquares(n: i64): i64 {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

function add(at: usize, amount: i64): void {
  store<i64>(at, load<i64>(at) + amount);
}

function startBox(at: usize, first: i32, last: i32, j: i32, k: i32): void {
  store<i32>(at, first, SUM_MIN);
  store<i32>(at, j, SUM_MIN + 4);
  store<i32>(at, k, SUM_MIN + 8);
  store<i32>(at, last, SUM_MAX);
  store<i32>(at, j, SUM_MAX + 4);
  store<i32>(at, k, SUM_MAX + 8);
}

function widen(at: usize, low: i32, high: i32): void {
  if (low < load<i32>(at, SUM_MIN)) store<i32>(at, low, SUM_MIN);
  if (high > load<i32>(at, SUM_MAX)) store<i32>(at, high, SUM_MAX);
}
