/*
 * Memory of statistics. The owner (src/workers/statistics) lays it out and passes pointers; labels have row numbers there.
 *
 *   rowOf      131072 B   u16 for each label: its row, or 0xffff where nothing is to be measured
 *   sums          128 B a row   voxels and sums of global indices (i64), box of global indices (i32)
 *   heads          16 B a row   ends of the convex chains of the brick in hand, all 0 between bricks
 *   cells        1024 B a row   u32 for each of the 256 configurations of 2×2×2 voxels: bit di + 2 dj + 4 dk
 *   tables       1024 B a row   addresses of histogram pages by key / 256, 0 where there is none
 *   wide           64 B a row   sums of 32-bit values in the brick in hand
 *   pool                8 B     address of the next free page and of the end of pages (u32, u32)
 *   pages        1024 B each    u32 for each of 256 keys
 *
 * A key is a stored value turned into a whole number that orders alike: the value of 8 and 16 bits, the upper 16 bits of one of
 * 32 bits.
 */

export const NO_ROW: u32 = 0xffff;

export const SUMS_BYTES: usize = 128;
export const SUM_VOXELS: usize = 0;
export const SUM_I: usize = 8;
export const SUM_J: usize = 16;
export const SUM_K: usize = 24;
export const SUM_II: usize = 32;
export const SUM_JJ: usize = 40;
export const SUM_KK: usize = 48;
export const SUM_IJ: usize = 56;
export const SUM_IK: usize = 64;
export const SUM_JK: usize = 72;
/** Smallest and largest index along i, j, k; valid where there are voxels. */
export const SUM_MIN: usize = 80;
export const SUM_MAX: usize = 92;

export const HEAD_BYTES: usize = 16;
export const TABLE_BYTES: usize = 1024;
export const PAGE_BYTES: usize = 1024;
export const CELLS_BYTES: usize = 1024;

export const WIDE_BYTES: usize = 64;
/** Brick that the sums are of (i32), so that they begin anew with every brick. */
export const WIDE_BRICK: usize = 0;
export const WIDE_VALUES: usize = 4;
export const WIDE_FIRST: usize = 8;
export const WIDE_SUM: usize = 16;
export const WIDE_SQUARES: usize = 24;
export const WIDE_MIN: usize = 32;
export const WIDE_MAX: usize = 40;

/** Row of the label of a row run. */
export function rowOfRun(rowOf: usize, run: u64): u32 {
  return <u32>load<u16>(rowOf + ((<usize>run & 0xffff) << 1));
}
