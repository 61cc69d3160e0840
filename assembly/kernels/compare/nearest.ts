/*
 * Squared distances from the voxels of one surface to the nearest of another, exact, in double precision: rows of the other are
 * looked at in the order of their distance across i, and in a row the nearest set bits to either side. A search ends when the next
 * row is farther than what was found; one that has not ended after the rows listed waits for a search of more rows, or for the sweep
 * (kernels/compare/sweep.ts).
 *
 *   search    40 B   step along i; square of the distance within which no row is missing from the list (f64, f64). Then u32: address of
 *                    the list of rows, rows in it, address of the waiting voxels, how many there are
 *   row       16 B   square of its distance (f64), dj, dk (i32), ascending
 *   waiting   16 B   number of the distance u32, i, j, k (i32)
 */
import { GRID_J0, GRID_K0, GRID_NJ, GRID_NK, GRID_NW, GRID_TABLE, GRID_W0 } from "../../memory/bit-grid";

export const WAITING_BYTES: usize = 16;
const STEP: usize = 0;
const REACH: usize = 8;
const ROWS: usize = 16;
const ROW_COUNT: usize = 20;
const WAITING: usize = 24;
const WAITING_COUNT: usize = 28;

/**
 * Distances of the surface voxels of one page, bits in order, to a grid; `word`, j0, k0 say where the page lies. They are written at
 * `to`, from number `first` on; those that wait are too large as yet, or infinite. Returns the number of voxels.
 */
export function gridNearest(
  page: usize,
  word: i32,
  j0: i32,
  k0: i32,
  grid: usize,
  job: usize,
  to: usize,
  first: u32,
): u32 {
  const reach = load<f64>(job, REACH);
  let n = first;
  for (let row: usize = 0; row < 64; row++) {
    const j = j0 + <i32>(row & 7);
    const k = k0 + <i32>(row >> 3);
    for (let bits = load<u64>(page + (row << 3)); bits; bits &= bits - 1, n++) {
      const i = (word << 6) + <i32>ctz<u64>(bits);
      const best = search(grid, i, j, k, job);
      store<f64>(to + ((<usize>n) << 3), best);
      if (best > reach) wait(job, n, i, j, k);
    }
  }
  return n - first;
}

/** Searches again for the voxels `from` to `end` of a waiting list; those that still wait are listed anew. */
export function gridNearestAgain(list: usize, from: i32, end: i32, grid: usize, job: usize, to: usize): void {
  const reach = load<f64>(job, REACH);
  for (let at = list + <usize>from * WAITING_BYTES; at < list + <usize>end * WAITING_BYTES; at += WAITING_BYTES) {
    const n = load<u32>(at);
    const i = load<i32>(at, 4);
    const j = load<i32>(at, 8);
    const k = load<i32>(at, 12);
    const best = search(grid, i, j, k, job);
    store<f64>(to + ((<usize>n) << 3), best);
    // The list is read from the same place: never behind what is read.
    if (best > reach) wait(job, n, i, j, k);
  }
}

function wait(job: usize, n: u32, i: i32, j: i32, k: i32): void {
  const count = load<u32>(job, WAITING_COUNT);
  const at = <usize>load<u32>(job, WAITING) + <usize>count * WAITING_BYTES;
  store<u32>(at, n);
  store<i32>(at, i, 4);
  store<i32>(at, j, 8);
  store<i32>(at, k, 12);
  store<u32>(job, count + 1, WAITING_COUNT);
}

function search(grid: usize, i: i32, j: i32, k: i32, job: usize): f64 {
  const step = load<f64>(job, STEP);
  const words = load<i32>(grid, GRID_NW);
  const rows = load<u32>(grid, GRID_NJ);
  const planes = load<u32>(grid, GRID_NK);
  const table = <usize>load<u32>(grid, GRID_TABLE);
  const firstRow = load<i32>(grid, GRID_J0);
  const firstPlane = load<i32>(grid, GRID_K0);
  const firstWord = load<i32>(grid, GRID_W0);
  const own = (i >> 6) - firstWord;
  const inside = <u32>own < <u32>words;
  // In the voxel's own word: itself and what lies before it, and what lies after it.
  const before = ~(<u64>0) >> (63 - (<u64>i & 63));
  let row = <usize>load<u32>(job, ROWS);
  const end = row + ((<usize>load<u32>(job, ROW_COUNT)) << 4);
  let best: f64 = Infinity;
  for (; row < end; row += 16) {
    const away = load<f64>(row);
    if (away >= best) break;
    const y = j + load<i32>(row, 8);
    const z = k + load<i32>(row, 12);
    const block = (y >> 3) - firstRow;
    const plane = (z >> 3) - firstPlane;
    if (<u32>block >= rows || <u32>plane >= planes) continue;
    const line = table + ((<usize>(plane * <i32>rows + block) * <usize>words) << 2);
    const place = (<usize>((y & 7) | ((z & 7) << 3))) << 3;
    let lower: u64 = 0;
    let upper: u64 = 0;
    if (inside) {
      const bits = load<u64>(<usize>load<u32>(line + ((<usize>own) << 2)) + place);
      lower = bits & before;
      upper = bits & ~before;
    }
    if (lower) best = min(best, squared(63 - <i32>clz<u64>(lower) - (i & 63), step, away));
    else best = min(best, towardsLower(line, place, min(own, words) - 1, firstWord, i, step, away, best));
    if (upper) best = min(best, squared(<i32>ctz<u64>(upper) - (i & 63), step, away));
    else best = min(best, towardsUpper(line, place, max(own, -1) + 1, words, firstWord, i, step, away, best));
  }
  return best;
}

/** The voxel nearest to i in words up to `word`, unless all lie farther than `best`. */
function towardsLower(
  line: usize,
  place: usize,
  word: i32,
  firstWord: i32,
  i: i32,
  step: f64,
  away: f64,
  best: f64,
): f64 {
  for (let w = word; w >= 0; w--) {
    const base = (w + firstWord) << 6;
    if (squared(i - base - 63, step, away) >= best) break;
    const bits = load<u64>(<usize>load<u32>(line + ((<usize>w) << 2)) + place);
    if (bits) return squared(i - base - 63 + <i32>clz<u64>(bits), step, away);
  }
  return Infinity;
}

/** The same in words from `word` on. */
function towardsUpper(
  line: usize,
  place: usize,
  word: i32,
  words: i32,
  firstWord: i32,
  i: i32,
  step: f64,
  away: f64,
  best: f64,
): f64 {
  for (let w = word; w < words; w++) {
    const base = (w + firstWord) << 6;
    if (squared(base - i, step, away) >= best) break;
    const bits = load<u64>(<usize>load<u32>(line + ((<usize>w) << 2)) + place);
    if (bits) return squared(base + <i32>ctz<u64>(bits) - i, step, away);
  }
  return Infinity;
}

function squared(steps: i32, step: f64, away: f64): f64 {
  const along = <f64>steps * step;
  return along * along + away;
}
