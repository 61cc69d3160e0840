/*
 * Distances that the search of near rows has not ended: plane by plane of the other surface across k, the exact squared distance in the
 * plane (lower envelopes of parabolas: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012) within the window
 * of the voxels that wait, and their least over the planes. Voxels of one page wait together: a plane that is farther from the page
 * than all of them are from what was found is nothing to them.
 *
 *   window    40 B   i0, ni, j0, nj, rows (i32: rows of the grid's box), 4 B unused; steps along i and j (f64)
 *   inverse    8 B a row   1 / (2 sj² n) for n rows apart (f64)
 *   values     8 B a pixel of the window's width and a row of the box, column by column: squared distance along i (f64)
 *   places     4 B a row   j of the rows that have a voxel
 *   plane      8 B a pixel of the window, column by column: squared distance in the plane (f64)
 *   envelope  24 B a row
 *   group     24 B a page with waiting voxels: first, end (u32), first plane i32, 4 B unused, the largest squared distance (f64)
 */
import { GRID_EMPTY, GRID_J0, GRID_NJ, GRID_NW, GRID_W0, gridLine, rowInPage } from "../../memory/bit-grid";
import { WAITING_BYTES } from "./nearest";

const I0: usize = 0;
const NI: usize = 4;
const J0: usize = 8;
const NJ: usize = 12;
const ROWS: usize = 16;
const SI: usize = 24;
const SJ: usize = 32;

const GROUP_BYTES: usize = 24;
const MOST: usize = 16;

/** Groups the waiting voxels, which lie page by page; returns the number of groups. */
export function sweepGroups(waiting: usize, count: i32, distances: usize, groups: usize): i32 {
  let group = groups - GROUP_BYTES;
  let page: i64 = -1;
  for (let n: usize = 0; n < <usize>count; n++) {
    const at = waiting + n * WAITING_BYTES;
    const k = load<i32>(at, 12) >> 3;
    const own = ((((<i64>k) << 20) | <i64>(load<i32>(at, 8) >> 3)) << 20) | <i64>(load<i32>(at, 4) >> 6);
    if (own != page) {
      page = own;
      group += GROUP_BYTES;
      store<u32>(group, <u32>n);
      store<i32>(group, k << 3, 8);
      store<f64>(group, 0, MOST);
    }
    store<u32>(group, <u32>n + 1, 4);
    store<f64>(group, max(load<f64>(group, MOST), load<f64>(distances + ((<usize>load<u32>(at)) << 3))), MOST);
  }
  return <i32>((group + GROUP_BYTES - groups) / GROUP_BYTES);
}

/** Whether plane k could be nearer to a voxel of a group than what was found. */
function needs(group: usize, k: i32, sk: f64): bool {
  const first = load<i32>(group, 8);
  const across = <f64>(k < first ? first - k : max(k - first - 7, 0)) * sk;
  return across * across < load<f64>(group, MOST);
}

/** Sets the columns of the window (a byte each) with voxels of groups that need plane k, clears the others; false when there is none. */
export function sweepColumns(
  window: usize,
  waiting: usize,
  groups: usize,
  count: i32,
  k: i32,
  sk: f64,
  columns: usize,
): bool {
  const i0 = load<i32>(window, I0);
  let any = false;
  for (let n = 0; n < count; n++) {
    const group = groups + <usize>n * GROUP_BYTES;
    if (!needs(group, k, sk)) continue;
    if (!any) memory.fill(columns, 0, <usize>load<i32>(window, NI));
    any = true;
    for (let at = load<u32>(group); at < load<u32>(group, 4); at++) {
      store<u8>(columns + <usize>(load<i32>(waiting + <usize>at * WAITING_BYTES, 4) - i0), 1);
    }
  }
  return any;
}

/** Squared distances in plane k of the grid for the window's pixels in wanted columns; false when the plane is empty. */
export function sweepPlane(
  grid: usize,
  k: i32,
  window: usize,
  columns: usize,
  inverse: usize,
  values: usize,
  places: usize,
  plane: usize,
  envelope: usize,
): bool {
  const count = planeRows(grid, k, window, values, places);
  if (count == 0) return false;
  const ni = load<i32>(window, NI);
  const pitch = (<usize>load<i32>(window, ROWS)) << 3;
  const planePitch = (<usize>load<i32>(window, NJ)) << 3;
  for (let i: usize = 0; i < <usize>ni; i++) {
    if (!load<u8>(columns + i)) continue;
    const top = envelopeOf(values + i * pitch, places, count, load<f64>(window, SJ), inverse, envelope);
    evaluate(envelope, top, window, plane + i * planePitch);
  }
  return true;
}

/** Rows of a plane that have voxels: their j, and squared distances along i for the window. Returns their number. */
function planeRows(grid: usize, k: i32, window: usize, values: usize, places: usize): i32 {
  const first = load<i32>(grid, GRID_J0) << 3;
  const end = first + (load<i32>(grid, GRID_NJ) << 3);
  let count = 0;
  for (let j = first; j < end; j++) {
    const line = gridLine(grid, j, k);
    if (line == 0 || !rowDistances(grid, line, rowInPage(j, k), window, values + ((<usize>count) << 3))) continue;
    store<i32>(places + ((<usize>count) << 2), j);
    count++;
  }
  return count;
}

function rowDistances(grid: usize, line: usize, row: usize, window: usize, to: usize): bool {
  const words = load<i32>(grid, GRID_NW);
  const base = load<i32>(grid, GRID_W0) << 6;
  const empty = load<u32>(grid, GRID_EMPTY);
  const i0 = load<i32>(window, I0);
  const stop = i0 + load<i32>(window, NI);
  // Every voxel of the row gives the stretch up to half way to the next one.
  let from = i0;
  let last: i32 = 0;
  let any = false;
  for (let w = 0; w < words; w++) {
    const page = load<u32>(line + ((<usize>w) << 2));
    if (page == empty) continue;
    for (let bits = load<u64>(<usize>page + row); bits; bits &= bits - 1) {
      const at = base + (w << 6) + <i32>ctz<u64>(bits);
      if (any) from = stretch(from, min(stop, (last + at + 1) >> 1), last, window, to);
      last = at;
      any = true;
    }
  }
  if (any) stretch(from, stop, last, window, to);
  return any;
}

function stretch(from: i32, stop: i32, at: i32, window: usize, to: usize): i32 {
  const pitch = (<usize>load<i32>(window, ROWS)) << 3;
  const si = load<f64>(window, SI);
  let place = to + <usize>(from - load<i32>(window, I0)) * pitch;
  for (let i = from; i < stop; i++, place += pitch) {
    const along = <f64>(i - at) * si;
    store<f64>(place, along * along);
  }
  return max(from, stop);
}

/** Parabolas of the lower envelope of a column, each with its place, value and where it begins; returns their end. */
function envelopeOf(values: usize, places: usize, count: i32, sj: f64, inverse: usize, envelope: usize): usize {
  let top = envelope;
  for (let n: usize = 0; n < <usize>count; n++) {
    const place = load<i32>(places + (n << 2));
    const value = load<f64>(values + (n << 3));
    let start: f64 = -Infinity;
    while (top > envelope) {
      const below = <i32>load<f64>(top - 24);
      const apart = load<f64>(inverse + ((<usize>(place - below)) << 3));
      start = (value - load<f64>(top - 16)) * apart + <f64>(place + below) * 0.5;
      if (start > load<f64>(top - 8)) break;
      top -= 24;
      start = -Infinity;
    }
    store<f64>(top, <f64>place);
    store<f64>(top, value, 8);
    store<f64>(top, start, 16);
    top += 24;
  }
  return top;
}

function evaluate(envelope: usize, top: usize, window: usize, to: usize): void {
  const sj = load<f64>(window, SJ);
  const nj = load<i32>(window, NJ);
  let at = envelope;
  let here = <f64>load<i32>(window, J0);
  for (let j: usize = 0; j < <usize>nj; j++, here += 1) {
    while (at + 24 < top && load<f64>(at + 24, 16) < here) at += 24;
    const across = (here - load<f64>(at)) * sj;
    store<f64>(to + (j << 3), load<f64>(at, 8) + across * across);
  }
}

/** Lowers the distances of the voxels that wait by those over plane k. */
export function sweepWaiting(
  window: usize,
  waiting: usize,
  groups: usize,
  count: i32,
  k: i32,
  sk: f64,
  plane: usize,
  distances: usize,
): void {
  const i0 = load<i32>(window, I0);
  const j0 = load<i32>(window, J0);
  const nj = load<i32>(window, NJ);
  for (let n = 0; n < count; n++) {
    const group = groups + <usize>n * GROUP_BYTES;
    if (!needs(group, k, sk)) continue;
    let most: f64 = 0;
    for (let number = load<u32>(group); number < load<u32>(group, 4); number++) {
      const at = waiting + <usize>number * WAITING_BYTES;
      const place = distances + ((<usize>load<u32>(at)) << 3);
      const across = <f64>(k - load<i32>(at, 12)) * sk;
      const away = across * across;
      let best = load<f64>(place);
      if (away < best) {
        const pixel = (load<i32>(at, 4) - i0) * nj + load<i32>(at, 8) - j0;
        best = min(best, load<f64>(plane + ((<usize>pixel) << 3)) + away);
        store<f64>(place, best);
      }
      most = max(most, best);
    }
    store<f64>(group, most, MOST);
  }
}
