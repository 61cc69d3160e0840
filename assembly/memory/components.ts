/*
 * Memory of the connected components of one brick. Every thread has a block of its own; its owner (src/workers/components) lays
 * it out and passes pointers.
 *
 *   block ─┬ set       32 KiB  bit i of word k·64 + j: voxel (i, j, k) is in a segment, and in the volume
 *          ├ starts    32 KiB  the same for voxels with which a run begins; a run is voxels of one segment along i, in one row
 *          ├ first      4 B a row and one more: number of the row's first run; runs are numbered along i, j, k
 *          ├ parents    4 B a run: a run of the same piece with a smaller number, itself at the root; in the end its piece
 *          ├ numbers    4 B a piece: its number among the pieces at open sides
 *          └ pieces    16 B a piece, numbered by their first voxel along i, j, k
 *                        0  voxels in bits 0 to 18, sides touched in bits 20 to 25 (i low, i high, j low, j high, k low, k high)
 *                        4  first voxel, (k·64 + j)·64 + i
 *                        8  box: least i, j, k, then 63 less the greatest i, j, k (so that all six are found by a minimum)
 *                       14  segment
 *
 * A piece is what hangs together within the brick: a component, or the part of one that lies in the brick.
 */

const RUNS_MAX: usize = 262144;

export const PIECE_BYTES: usize = 16;
export const PIECE_FIRST: usize = 4;
export const PIECE_BOX: usize = 8;

export const BLOCK_SET: usize = 0;
export const BLOCK_STARTS: usize = 32768;
export const BLOCK_FIRST: usize = 65536;
export const BLOCK_PARENTS: usize = BLOCK_FIRST + 16448;
export const BLOCK_NUMBERS: usize = BLOCK_PARENTS + RUNS_MAX * 4;
export const BLOCK_PIECES: usize = BLOCK_NUMBERS + RUNS_MAX * 4;
export const BLOCK_BYTES: usize = BLOCK_PIECES + RUNS_MAX * PIECE_BYTES;

/** Voxels of a piece, in its first word. */
export const VOXELS_MASK: u32 = 0x7ffff;
/** Where its sides stand in that word. */
export const SIDES_SHIFT: u32 = 20;
