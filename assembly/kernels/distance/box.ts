/*
 * Exact Euclidean distances in a box, one axis after the other: along i on bits, then along j and k on windows of 16 columns whose
 * rows lie side by side in the cache. Squared distances are f32: the least sum over all set bits of three table entries, that
 * of i and j first. `boxDistances` does all at once; an owner that must look up in between calls `distanceStart`, then
 * `distanceSlices` for all slices of the mask in ascending order, then `distanceRows` for all rows of the results.
 */
import { DistanceJob, JOB_BYTES } from "../../memory/distance";
import { rowWords } from "../labels/bit-rows";
import { FAR, fillFar, isNear, nearestInColumns, readWindow, WINDOW_LANES, WINDOW_ROW, writeWindow } from "./columns";
import { rowDistances } from "./row";

function roundUp(bytes: usize): usize {
  return (bytes + 63) & ~(<usize>63);
}

function paddedRow(ci: i32): i32 {
  return (ci + WINDOW_LANES - 1) & -WINDOW_LANES;
}

/** The most steps between a voxel of start … start + count − 1 and one of 0 … n − 1. */
function spanOf(n: i32, start: i32, count: i32): i32 {
  return max(max(abs(start), abs(start + count)), max(abs(n - start), abs(n - start - count)));
}

function tableBytes(span: i32): usize {
  return roundUp((<usize>(span * 2 + 9)) << 2);
}

/** Fills a table; returns its middle. Three entries more at each end are read and of no account. */
function makeTable(at: usize, span: i32, step: f64): usize {
  const middle = at + ((<usize>(span + 4)) << 2);
  for (let d = 0; d <= span + 3; d++) {
    const square = <f32>(step * <f64>d * (step * <f64>d));
    store<f32>(middle + ((<usize>d) << 2), square);
    store<f32>(middle - ((<usize>d) << 2), square);
  }
  return middle;
}

/** Steps that fit in a squared distance, and one more. */
function reachOf(limit: f32, step: f64): i32 {
  return <i32>min<f32>(sqrt<f32>(limit) / <f32>step, 1e9) + 1;
}

/** Bytes of a job for the same mask and box. */
export function distanceJobBytes(
  ni: i32,
  nj: i32,
  nk: i32,
  i0: i32,
  j0: i32,
  k0: i32,
  ci: i32,
  cj: i32,
  ck: i32,
): usize {
  const tables = tableBytes(spanOf(ni, i0, ci)) + tableBytes(spanOf(nj, j0, cj)) + tableBytes(spanOf(nk, k0, ck));
  const slice = roundUp(((<usize>(paddedRow(ci) * nj)) << 2) + 64);
  const windows = <usize>(max(nj, nk) + max(cj, ck)) * WINDOW_ROW;
  return JOB_BYTES + tables + slice + windows + roundUp((<usize>max(cj, ck)) << 3);
}

/**
 * Asks for the distances of voxels to the nearest set bit of a mask of ni × nj × nk. The voxels are a box of ci × cj × ck from
 * (i0, j0, k0) on, counted from the mask's first voxel; it may lie partly or wholly outside. Steps si, sj, sk along the axes are
 * in a unit in which the smallest is near 1, so that even spacings are told exactly. A `scale` of 0 gives squared distances in
 * that unit, another distances times `scale`. What is farther than `limit` (squared) gets any value beyond it, what has no bit
 * at all FAR. Results are f32, i fastest; `to` has room for ci × cj × max(nk, ck) of them.
 */
export function distanceStart(
  job: usize,
  bits: usize,
  ni: i32,
  nj: i32,
  nk: i32,
  i0: i32,
  j0: i32,
  k0: i32,
  ci: i32,
  cj: i32,
  ck: i32,
  si: f64,
  sj: f64,
  sk: f64,
  limit: f32,
  scale: f32,
  to: usize,
): void {
  const own = changetype<DistanceJob>(job);
  own.bits = bits;
  own.ni = ni;
  own.nj = nj;
  own.nk = nk;
  own.i0 = i0;
  own.j0 = j0;
  own.k0 = k0;
  own.ci = ci;
  own.cj = cj;
  own.ck = ck;
  own.limit = limit;
  own.scale = scale;
  own.to = to;
  own.perJ = <f32>(1 / sj);
  own.perK = <f32>(1 / sk);
  own.reachJ = reachOf(limit, sj);
  own.reachK = reachOf(limit, sk);
  own.firstK = nk;
  own.lastK = -1;
  let next = job + JOB_BYTES;
  own.squaresI = makeTable(next, spanOf(ni, i0, ci), si);
  next += tableBytes(spanOf(ni, i0, ci));
  own.squaresJ = makeTable(next, spanOf(nj, j0, cj), sj);
  next += tableBytes(spanOf(nj, j0, cj));
  own.squaresK = makeTable(next, spanOf(nk, k0, ck), sk);
  next += tableBytes(spanOf(nk, k0, ck));
  own.slice = next;
  next += roundUp(((<usize>(paddedRow(ci) * nj)) << 2) + 64);
  own.window = next;
  next += <usize>max(nj, nk) * WINDOW_ROW;
  own.results = next;
  own.bounds = next + <usize>max(cj, ck) * WINDOW_ROW;
}

/** Slices `from` to `end` − 1 of the mask along i and j. */
export function distanceSlices(job: usize, from: i32, end: i32): void {
  const own = changetype<DistanceJob>(job);
  const ni = own.ni;
  const nj = own.nj;
  const ci = own.ci;
  const cj = own.cj;
  const words = (<usize>rowWords(ni)) << 3;
  const sliceRow = (<usize>paddedRow(ci)) << 2;
  const planeBytes = (<usize>(ci * cj)) << 2;
  for (let k = from; k < end; k++) {
    let first = nj;
    let last = -1;
    for (let j = 0; j < nj; j++) {
      const row = own.slice + <usize>j * sliceRow;
      if (rowDistances(own.bits + <usize>(k * nj + j) * words, ni, own.i0, ci, own.squaresI, row)) {
        first = min(first, j);
        last = j;
      } else if (first < nj) {
        fillFar(row, ci);
      }
    }
    const plane = own.to + <usize>k * planeBytes;
    if (last < 0) {
      if (own.firstK < own.nk) fillFar(plane, ci * cj);
      continue;
    }
    own.firstK = min(own.firstK, k);
    own.lastK = k;
    for (let i = 0; i < ci; i += WINDOW_LANES) {
      const at = (<usize>i) << 2;
      const lanes = min(WINDOW_LANES, ci - i);
      readWindow(own.slice + at, sliceRow, first, last, lanes, own.window);
      alongWindow(own, lanes, first, last, own.j0, cj, own.squaresJ, own.perJ, own.reachJ);
      writeWindow(own.results, cj, lanes, 0, plane + at, (<usize>ci) << 2);
    }
  }
}

/** Rows `from` to `end` − 1 of every slice of the results along k; the last step. */
export function distanceRows(job: usize, from: i32, end: i32): void {
  const own = changetype<DistanceJob>(job);
  const ci = own.ci;
  const planeBytes = (<usize>(ci * own.cj)) << 2;
  for (let j = from; j < end; j++) {
    const row = own.to + ((<usize>(j * ci)) << 2);
    if (own.lastK < 0) {
      for (let k = 0; k < own.ck; k++) fillFar(row + <usize>k * planeBytes, ci);
      continue;
    }
    for (let i = 0; i < ci; i += WINDOW_LANES) {
      const column = row + ((<usize>i) << 2);
      const lanes = min(WINDOW_LANES, ci - i);
      readWindow(column, planeBytes, own.firstK, own.lastK, lanes, own.window);
      alongWindow(own, lanes, own.firstK, own.lastK, own.k0, own.ck, own.squaresK, own.perK, own.reachK);
      writeWindow(own.results, own.ck, lanes, own.scale, column, planeBytes);
    }
  }
}

/** All of a transform that `distanceStart` asked for. */
export function boxDistances(job: usize): void {
  const own = changetype<DistanceJob>(job);
  distanceSlices(job, 0, own.nk);
  distanceRows(job, 0, own.cj);
}

function alongWindow(
  own: DistanceJob,
  lanes: i32,
  first: i32,
  last: i32,
  v0: i32,
  count: i32,
  squares: usize,
  perStep: f32,
  reach: i32,
): void {
  for (let half: usize = 0; half < (<usize>lanes) << 2; half += WINDOW_ROW >> 1) {
    const sites = own.window + half;
    let low = first;
    let high = last;
    if (own.limit < FAR) {
      while (low <= high && !isNear(sites + <usize>low * WINDOW_ROW, own.limit)) low++;
      while (high > low && !isNear(sites + <usize>high * WINDOW_ROW, own.limit)) high--;
    }
    nearestInColumns(sites, low, high, v0, count, squares, perStep, reach, own.results + half, own.bounds);
  }
}
