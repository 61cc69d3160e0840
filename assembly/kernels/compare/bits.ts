/* Segments as bits: where they are, their voxels, their surfaces. Row runs are those of kernels/bricks/row-runs.ts. */
import {
  GRID_EMPTY,
  GRID_J0,
  GRID_K0,
  GRID_NJ,
  GRID_NK,
  GRID_NW,
  GRID_TABLE,
  GRID_W0,
  gridLine,
  PAGE_WORDS,
  rowInPage,
} from "../../memory/bit-grid";

/**
 * Which blocks of 64×8×8 voxels of a brick each label has voxels in: bit (j / 8) + 8 (k / 8) of a word. Writes an entry of 16 bytes for
 * every label, in the order they are met: label u32, voxels u32, blocks u64; returns their number. `entryOf` is u16 for each
 * label, all 0xffff before and after.
 */
export function brickOccupancy(runs: usize, count: i32, entryOf: usize, to: usize): i32 {
  let entries: u32 = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const place = entryOf + ((<usize>run & 0xffff) << 1);
    let entry = <u32>load<u16>(place);
    if (entry == 0xffff) {
      entry = entries++;
      store<u16>(place, <u16>entry);
      store<u64>(to + ((<usize>entry) << 4), run & 0xffff);
      store<u64>(to + ((<usize>entry) << 4), 0, 8);
    }
    const at = to + ((<usize>entry) << 4);
    store<u32>(at, load<u32>(at, 4) + <u32>((run >> 24) & 0xff) - <u32>((run >> 16) & 0xff) + 1, 4);
    const block = ((run >> 35) & 7) | (((run >> 43) & 7) << 3);
    store<u64>(at, load<u64>(at, 8) | ((<u64>1) << block), 8);
  }
  for (let n: usize = 0; n < <usize>entries; n++) {
    store<u16>(entryOf + ((<usize>load<u32>(to + (n << 4))) << 1), 0xffff);
  }
  return <i32>entries;
}

/**
 * Sets the bits of a brick's row runs. `gridOf` has the address of a grid for each label, u32, 0 where none is wanted; its pages must
 * be there. The brick is word `word` of rows j0 and on, planes k0 and on.
 */
export function gridAddRuns(runs: usize, count: i32, gridOf: usize, word: i32, j0: i32, k0: i32): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const grid = <usize>load<u32>(gridOf + ((<usize>run & 0xffff) << 2));
    if (grid == 0) continue;
    const j = j0 + <i32>((run >> 32) & 0xff);
    const k = k0 + <i32>((run >> 40) & 0xff);
    const first = (run >> 16) & 0xff;
    const last = (run >> 24) & 0xff;
    const line = gridLine(grid, j, k) + ((<usize>(word - load<i32>(grid, GRID_W0))) << 2);
    const at = <usize>load<u32>(line) + rowInPage(j, k);
    store<u64>(at, load<u64>(at) | ((~(<u64>0) << first) & (~(<u64>0) >> (63 - last))));
  }
}

/** Voxels that two grids share. */
export function gridCommon(a: usize, b: usize): f64 {
  let common: u64 = 0;
  const words = load<i32>(a, GRID_NW);
  const first = load<i32>(a, GRID_W0) - load<i32>(b, GRID_W0);
  const wordsB = load<u32>(b, GRID_NW);
  const emptyA = load<u32>(a, GRID_EMPTY);
  let entry = <usize>load<u32>(a, GRID_TABLE);
  for (let plane = 0; plane < load<i32>(a, GRID_NK); plane++) {
    for (let row = 0; row < load<i32>(a, GRID_NJ); row++) {
      const line = gridLine(b, (row + load<i32>(a, GRID_J0)) << 3, (plane + load<i32>(a, GRID_K0)) << 3);
      for (let word = 0; word < words; word++, entry += 4) {
        const page = load<u32>(entry);
        if (line == 0 || page == emptyA || <u32>(word + first) >= wordsB) continue;
        common += commonOfPages(<usize>page, <usize>load<u32>(line + ((<usize>(word + first)) << 2)));
      }
    }
  }
  return <f64>common;
}

function commonOfPages(a: usize, b: usize): u64 {
  let common: u64 = 0;
  for (let n: usize = 0; n < PAGE_WORDS << 3; n += 8) common += popcnt<u64>(load<u64>(a + n) & load<u64>(b + n));
  return common;
}

/**
 * Surface voxels of a grid: those with a 6-neighbour that is not in it. Pages are taken from `pages` on, as many as have a surface;
 * `surface` is a grid of the same box whose table is written here. Returns the surface voxels; their pages' end is written to
 * `end` (u32).
 */
export function gridSurface(grid: usize, surface: usize, pages: usize, end: usize): f64 {
  const words = load<i32>(grid, GRID_NW);
  const rows = load<i32>(grid, GRID_NJ);
  const empty = load<u32>(grid, GRID_EMPTY);
  const entries = words * rows * load<i32>(grid, GRID_NK);
  const table = <usize>load<u32>(grid, GRID_TABLE);
  const to = <usize>load<u32>(surface, GRID_TABLE);
  let page = pages;
  let voxels: u64 = 0;
  for (let n = 0; n < entries; n++) {
    const own = load<u32>(table + ((<usize>n) << 2));
    if (own == empty) {
      store<u32>(to + ((<usize>n) << 2), empty);
      continue;
    }
    const found = pageSurface(grid, n, words, rows, entries, page);
    voxels += found;
    store<u32>(to + ((<usize>n) << 2), found == 0 ? empty : <u32>page);
    if (found != 0) page += PAGE_WORDS << 3;
  }
  store<u32>(end, <u32>page);
  return <f64>voxels;
}

function pageSurface(grid: usize, n: i32, words: i32, rows: i32, entries: i32, to: usize): u64 {
  const table = <usize>load<u32>(grid, GRID_TABLE);
  const empty = load<u32>(grid, GRID_EMPTY);
  const word = n % words;
  const row = (n / words) % rows;
  const at = table + ((<usize>n) << 2);
  const plane = words * rows;
  const own = <usize>load<u32>(at);
  const left = <usize>(word > 0 ? load<u32>(at - 4) : empty);
  const right = <usize>(word + 1 < words ? load<u32>(at + 4) : empty);
  const up = <usize>(row > 0 ? load<u32>(at - ((<usize>words) << 2)) : empty);
  const down = <usize>(row + 1 < rows ? load<u32>(at + ((<usize>words) << 2)) : empty);
  const before = <usize>(n >= plane ? load<u32>(at - ((<usize>plane) << 2)) : empty);
  const after = <usize>(n + plane < entries ? load<u32>(at + ((<usize>plane) << 2)) : empty);
  let voxels: u64 = 0;
  for (let r: usize = 0; r < PAGE_WORDS; r++) {
    const place = r << 3;
    const m = load<u64>(own + place);
    // Rows r ± 1 lie beside it, r ± 8 before and after it; at the page's edge they are those of the next page.
    const j = r & 7;
    const lower = j > 0 ? load<u64>(own + place - 8) : load<u64>(up + place + 56);
    const upper = j < 7 ? load<u64>(own + place + 8) : load<u64>(down + place - 56);
    const front = r >= 8 ? load<u64>(own + place - 64) : load<u64>(before + place + 448);
    const back = r < 56 ? load<u64>(own + place + 64) : load<u64>(after + place - 448);
    const sides = ((m << 1) | (load<u64>(left + place) >> 63)) & ((m >> 1) | (load<u64>(right + place) << 63));
    const s = m & ~(sides & lower & upper & front & back);
    store<u64>(to + place, s);
    voxels += popcnt<u64>(s);
  }
  return voxels;
}
