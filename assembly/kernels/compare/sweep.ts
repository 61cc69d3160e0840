/*
 * Distances that the search of near rows has not ended: plane by plane of the other surface across k, the exact squared distance in the
 * plane (lower envelopes of parabolas: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012) within the window
 * of the voxels that wait, and their least over the planes.
 *
 *   rows       8 B a row of the grid's box and pixel of the window's width: squared distance along i (f64)
 *   places     4 B a row: j of the rows that have a voxel
 *   plane      8 B a pixel of the window: squared distance in the plane (f64)
 *   envelope  24 B a row
 */
import { GRID_EMPTY, GRID_J0, GRID_NJ, GRID_NW, GRID_W0, gridLine, rowInPage } from "../../memory/bit-grid";
import { WAITING_BYTES } from "./nearest";

/** Sets the columns of the window (a byte each) in which a voxel that waits lies. */
export function sweepColumns(waiting: usize, count: i32, i0: i32, columns: usize): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    store<u8>(columns + <usize>(load<i32>(waiting + n * WAITING_BYTES, 4) - i0), 1);
  }
}

/** Squared distances in plane k of the grid for the window's pixels in wanted columns; false when the plane is empty. */
export function sweepPlane(
  grid: usize,
  k: i32,
  i0: i32,
  ni: i32,
  j0: i32,
  nj: i32,
  si: f64,
  sj: f64,
  columns: usize,
  rows: usize,
  places: usize,
  plane: usize,
  envelope: usize,
): bool {
  const count = planeRows(grid, k, i0, ni, si, rows, places);
  if (count == 0) return false;
  for (let i = 0; i < ni; i++) {
    if (load<u8>(columns + <usize>i)) {
      columnDistances(rows + ((<usize>i) << 3), places, count, ni, j0, nj, sj, plane + ((<usize>i) << 3), envelope);
    }
  }
  return true;
}

/** Rows of a plane that have voxels: their j, and squared distances along i for the window. */
function planeRows(grid: usize, k: i32, i0: i32, ni: i32, si: f64, rows: usize, places: usize): i32 {
  const first = load<i32>(grid, GRID_J0) << 3;
  const end = first + (load<i32>(grid, GRID_NJ) << 3);
  let count = 0;
  for (let j = first; j < end; j++) {
    const line = gridLine(grid, j, k);
    if (line == 0 || !rowDistances(grid, line, rowInPage(j, k), i0, ni, si, rows + ((<usize>count * <usize>ni) << 3)))
      continue;
    store<i32>(places + ((<usize>count) << 2), j);
    count++;
  }
  return count;
}

function rowDistances(grid: usize, line: usize, row: usize, i0: i32, ni: i32, si: f64, to: usize): bool {
  const words = load<i32>(grid, GRID_NW);
  const base = load<i32>(grid, GRID_W0) << 6;
  const empty = load<u32>(grid, GRID_EMPTY);
  // Every voxel of the row gives the stretch up to half way to the next one.
  let from = i0;
  const stop = i0 + ni;
  let last: i32 = 0;
  let any = false;
  for (let w = 0; w < words; w++) {
    const page = load<u32>(line + ((<usize>w) << 2));
    if (page == empty) continue;
    for (let bits = load<u64>(<usize>page + row); bits; bits &= bits - 1) {
      const at = base + (w << 6) + <i32>ctz<u64>(bits);
      if (any) from = stretch(from, min(stop, (last + at + 1) >> 1), last, i0, si, to);
      last = at;
      any = true;
    }
  }
  if (any) stretch(from, stop, last, i0, si, to);
  return any;
}

function stretch(from: i32, stop: i32, at: i32, i0: i32, si: f64, to: usize): i32 {
  for (let i = from; i < stop; i++) {
    const along = <f64>(i - at) * si;
    store<f64>(to + ((<usize>(i - i0)) << 3), along * along);
  }
  return max(from, stop);
}

/** Least over the rows of their value and the squared distance across, for every pixel of a column. */
function columnDistances(
  values: usize,
  places: usize,
  count: i32,
  ni: i32,
  j0: i32,
  nj: i32,
  sj: f64,
  to: usize,
  envelope: usize,
): void {
  const pitch = (<usize>ni) << 3;
  const weight = sj * sj;
  // Of each parabola on the envelope: its place, its value, where it begins.
  let top = envelope;
  for (let n: usize = 0; n < <usize>count; n++) {
    const place = <f64>load<i32>(places + (n << 2));
    const value = load<f64>(values + n * pitch);
    let start: f64 = -Infinity;
    while (top > envelope) {
      const below = load<f64>(top - 24);
      start = (value - load<f64>(top - 16)) / (2 * weight * (place - below)) + (place + below) * 0.5;
      if (start > load<f64>(top - 8)) break;
      top -= 24;
      start = -Infinity;
    }
    store<f64>(top, place);
    store<f64>(top, value, 8);
    store<f64>(top, start, 16);
    top += 24;
  }
  let at = envelope;
  for (let j = 0; j < nj; j++) {
    const here = <f64>(j0 + j);
    while (at + 24 < top && load<f64>(at + 24, 16) < here) at += 24;
    const across = (here - load<f64>(at)) * sj;
    store<f64>(to + <usize>j * pitch, load<f64>(at, 8) + across * across);
  }
}

/**
 * Lowers the distances of the voxels that wait by those over plane k. Returns how many of them could still be nearer to a plane beyond
 * it, towards higher k.
 */
export function sweepWaiting(
  waiting: usize,
  count: i32,
  k: i32,
  sk: f64,
  i0: i32,
  ni: i32,
  j0: i32,
  plane: usize,
  to: usize,
): i32 {
  let open = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const at = waiting + n * WAITING_BYTES;
    const place = to + ((<usize>load<u32>(at)) << 3);
    const across = <f64>(k - load<i32>(at, 12)) * sk;
    const away = across * across;
    let best = load<f64>(place);
    if (away < best) {
      const pixel = (load<i32>(at, 8) - j0) * ni + load<i32>(at, 4) - i0;
      best = min(best, load<f64>(plane + ((<usize>pixel) << 3)) + away);
      store<f64>(place, best);
    }
    if (across < 0 || away < best) open++;
  }
  return open;
}
