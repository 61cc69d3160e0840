/*
 * A segment as bits in pages that exist where it has voxels: memory follows the segment, whatever box it lies in. The owner
 * (src/workers/compare/bit-grid.ts) lays it out.
 *
 *   grid ─┬ header   32 B   first word, words, first block row, block rows, first block plane, block planes (i32), table (u32)
 *         ├ table     4 B a block of the box, words fastest, then rows: address of its page; of the empty page where it has none
 *         └ pages   512 B   a block of 64×8×8 voxels: word (j & 7) + 8 (k & 7), bit i & 63
 *
 * A word holds 64 voxels along i from a multiple of 64 on, as bricks do; blocks begin at multiples of 8 along j and k.
 */
export const GRID_W0: usize = 0;
export const GRID_NW: usize = 4;
export const GRID_J0: usize = 8;
export const GRID_NJ: usize = 12;
export const GRID_K0: usize = 16;
export const GRID_NK: usize = 20;
export const GRID_TABLE: usize = 24;
/** The page that stands for all that have no bit. */
export const GRID_EMPTY: usize = 28;

export const PAGE_WORDS: usize = 64;

/** Address of the table's line for row j of plane k, 0 outside the box. */
export function gridLine(grid: usize, j: i32, k: i32): usize {
  const row = (j >> 3) - load<i32>(grid, GRID_J0);
  const plane = (k >> 3) - load<i32>(grid, GRID_K0);
  const rows = load<i32>(grid, GRID_NJ);
  if (<u32>row >= <u32>rows || <u32>plane >= load<u32>(grid, GRID_NK)) return 0;
  return <usize>load<u32>(grid, GRID_TABLE) + ((<usize>(plane * rows + row) * <usize>load<u32>(grid, GRID_NW)) << 2);
}

/** Offset of the word of row j, k in a page. */
export function rowInPage(j: i32, k: i32): usize {
  return (<usize>((j & 7) | ((k & 7) << 3))) << 3;
}
