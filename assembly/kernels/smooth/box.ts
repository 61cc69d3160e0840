/*
 * A mask under a separable kernel, one axis after the other: along i on bits, then along j and k on windows of columns. With
 * weights, values run from 0 to 2¹⁴ (all of the kernel in the mask), rounded up after each axis but the first; without, they
 * count the set bits of a box.
 */
import { JOB_BYTES, SmoothJob } from "../../memory/smooth";
import { rowWords } from "../labels/bit-rows";
import { readWindow, sumColumns, weighColumns, WINDOW_LANES, WINDOW_ROW, writeWindow } from "./columns";
import { smoothRow } from "./row";

function roundUp(bytes: usize): usize {
  return (bytes + 63) & ~(<usize>63);
}

function paddedRow(ci: i32): i32 {
  return (ci + WINDOW_LANES - 1) & -WINDOW_LANES;
}

/** The most voxels between one of the results and the begin or end of a run, and the kernel's radius at least. */
function spanOf(ni: i32, i0: i32, ci: i32, radius: i32): i32 {
  return max(max(max(abs(i0), abs(i0 + ci)), max(abs(ni - i0), abs(ni - i0 - ci))), radius) + 8;
}

function stepsBytes(span: i32): usize {
  return roundUp((<usize>(span * 2 + 16)) << 1);
}

/** Bytes of a job for the same mask, box and kernel. */
export function smoothJobBytes(ni: i32, nj: i32, nk: i32, i0: i32, ci: i32, cj: i32, ck: i32, radiusI: i32): usize {
  const slice = roundUp(((<usize>(paddedRow(ci) * nj)) << 1) + 64);
  const windows = <usize>(max(nj, nk) + 1 + max(cj, ck)) * WINDOW_ROW;
  return JOB_BYTES + stepsBytes(spanOf(ni, i0, ci, radiusI)) + slice + windows;
}

/**
 * Asks for a mask of ni × nj × nk bits under a kernel, for the voxels of a box of ci × cj × ck from (i0, j0, k0) on, counted from
 * the mask's first voxel; it may lie partly outside, where no bit is set. Weights are i16 from −radius to radius, with 8 zeros
 * before and after, and add up to 2¹⁴ along each axis; 0 in their place stands for ones. Results are u16, i fastest; `to` has
 * room for ci × cj × max(nk, ck) of them.
 */
export function smoothStart(
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
  radiusI: i32,
  radiusJ: i32,
  radiusK: i32,
  weightsI: usize,
  weightsJ: usize,
  weightsK: usize,
  to: usize,
): void {
  const own = changetype<SmoothJob>(job);
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
  own.radiusI = radiusI;
  own.radiusJ = radiusJ;
  own.radiusK = radiusK;
  own.weightsJ = weightsJ;
  own.weightsK = weightsK;
  own.to = to;
  const span = spanOf(ni, i0, ci, radiusI);
  own.steps = makeSteps(job + JOB_BYTES, span, radiusI, weightsI);
  own.slice = job + JOB_BYTES + stepsBytes(span);
  own.window = own.slice + roundUp(((<usize>(paddedRow(ci) * nj)) << 1) + 64);
  own.results = own.window + <usize>(max(nj, nk) + 1) * WINDOW_ROW;
}

/** Running sums of a kernel, from far before to far after it; returns the middle. */
function makeSteps(at: usize, span: i32, radius: i32, weights: usize): usize {
  const middle = at + ((<usize>span) << 1);
  let sum: u16 = 0;
  for (let x = -span; x < span + 16; x++) {
    if (x >= -radius && x <= radius) sum += weights ? load<u16>(weights + ((<usize>(x + radius)) << 1)) : 1;
    store<u16>(middle + ((<usize>x) << 1), sum);
  }
  return middle;
}

/** Slices `from` to `end` − 1 of the mask along i and j. */
export function smoothSlices(job: usize, from: i32, end: i32): void {
  const own = changetype<SmoothJob>(job);
  const ni = own.ni;
  const nj = own.nj;
  const ci = own.ci;
  const words = (<usize>rowWords(ni)) << 3;
  const sliceRow = (<usize>paddedRow(ci)) << 1;
  const rowBytes = (<usize>ci) << 1;
  for (let k = from; k < end; k++) {
    for (let j = 0; j < nj; j++) {
      const row = own.bits + <usize>(k * nj + j) * words;
      smoothRow(row, ni, own.i0, ci, own.radiusI, own.steps, own.slice + <usize>j * sliceRow);
    }
    const plane = own.to + <usize>k * rowBytes * own.cj;
    for (let i = 0; i < ci; i += WINDOW_LANES) {
      const at = (<usize>i) << 1;
      const lanes = min(WINDOW_LANES, ci - i);
      readWindow(own.slice + at, sliceRow, nj, lanes, own.window);
      alongWindow(own, lanes, nj, own.j0, own.cj, own.radiusJ, own.weightsJ);
      writeWindow(own.results, own.cj, lanes, plane + at, rowBytes);
    }
  }
}

/** Rows `from` to `end` − 1 of every slice of the results along k; the last step. */
export function smoothRows(job: usize, from: i32, end: i32): void {
  const own = changetype<SmoothJob>(job);
  const ci = own.ci;
  const planeBytes = (<usize>(ci * own.cj)) << 1;
  for (let j = from; j < end; j++) {
    for (let i = 0; i < ci; i += WINDOW_LANES) {
      const column = own.to + ((<usize>(j * ci + i)) << 1);
      const lanes = min(WINDOW_LANES, ci - i);
      readWindow(column, planeBytes, own.nk, lanes, own.window);
      alongWindow(own, lanes, own.nk, own.k0, own.ck, own.radiusK, own.weightsK);
      writeWindow(own.results, own.ck, lanes, column, planeBytes);
    }
  }
}

function alongWindow(own: SmoothJob, lanes: i32, rows: i32, v0: i32, count: i32, radius: i32, weights: usize): void {
  if (weights) weighColumns(own.window, lanes, rows, v0, count, radius, weights, own.results);
  else sumColumns(own.window, lanes, rows, v0, count, radius, own.results);
}
