/*
 * Memory of one growth from seeds. The owner (src/workers/seeds) lays it out and passes pointers; nothing here allocates.
 *
 *   job ─┬ header            576 B   fields below
 *        ├ table             4 B a brick of the region's box: 0 absent, pointer to its slot, or pointer to its shell + 1
 *        ├ priority          4 B a cell whose brick has a slot: the smallest key that waits there, IDLE when none does
 *        ├ waiting           4 B a cell whose brick has none: the same
 *        ├ marks             4 B a cell: bit d when the cell in direction d has news for it
 *        ├ busy              4 B a cell: 1 while a thread runs it
 *        ├ classes           2 B for each of 65,536 labels: 0 free, WALL_CLASS, else the rank of a seed
 *        ├ seed keys         4 B a rank: the key that its seeds have
 *        ├ segments          2 B a rank
 *        ├ seed counts       4 B a rank: seeds met
 *        └ items            32 B an entry: what a step has to do before it relaxes
 *   slot ─┬ header            64 B   place in the box; flags
 *         └ 8 cells of 32³ voxels, i fastest
 *              ├ dirty       256 B   bit 2j + half of word k: the line has something to pass on
 *              ├ touched     256 B   the same: the line was run since its cell last looked at those around it
 *              ├ keys        128 KiB
 *              ├ values       64 KiB  16-bit whole numbers whose differences are what a step costs
 *              └ doomed        4 KiB  a bit a voxel: its path is gone
 *   shell                    144 KiB  of a brick that was put away: keys and values of its six faces, 64×64 each
 *   scratch                  536 KiB  a thread: labels of a brick, sources of a line, planes that meet
 *
 * A line is 16 voxels along i: one cache line of keys. A cell is in one thread's hands at a time, and that thread alone writes to
 * it; others may read its keys meanwhile, which only ever sink, and come again when marked.
 *
 *   key   31  30 … 28  27 ………… L  L−1 … 0
 *          0     0     cost       rank      a voxel that is reached; LIMIT when it is not
 *          1     0     cost       rank      a seed: below every candidate as a signed number, so that none replaces it
 *          1     0     FAR, FAR − 1         a wall; one that stays whatever is drawn there
 *
 * Without bit 31 a key is what its voxel gives as a source. LIMIT is at most 2²⁷ and a step costs less than 2²⁸, so sums of a source
 * and four steps stay below 2³¹.
 */

export const FAR: i32 = 0x0fffffff;
export const WALL: i32 = <i32>0x8fffffff;
/** What lies outside the region or the volume, or has no value. */
export const LASTING_WALL: i32 = <i32>0x8ffffffe;
export const IDLE: i32 = 0x7fffffff;
/** Differences of values are cut to where a step costs this much: no path takes it. */
export const STEP_BITS: i32 = 27;
export const WALL_CLASS: u16 = 0xffff;

export const JOB_WIDE: usize = 0;
/** Bits that a difference of values is shifted by to be added to a key. */
export const JOB_SHIFT: usize = 4;
export const JOB_LABEL_BITS: usize = 8;
export const JOB_LIMIT: usize = 12;
export const JOB_VOXEL_TYPE: usize = 16;
/** Bricks of the region's box along i, j, k. */
export const JOB_NI: usize = 20;
export const JOB_NJ: usize = 24;
export const JOB_NK: usize = 28;
/** The region, from the first voxel of the first brick of the box; upper ends are outside. */
export const JOB_I0: usize = 32;
export const JOB_J0: usize = 36;
export const JOB_K0: usize = 40;
export const JOB_I1: usize = 44;
export const JOB_J1: usize = 48;
export const JOB_K1: usize = 52;
export const JOB_TABLE: usize = 56;
export const JOB_PRIORITY: usize = 60;
export const JOB_WAITING: usize = 64;
export const JOB_MARKS: usize = 68;
export const JOB_BUSY: usize = 72;
export const JOB_CLASSES: usize = 76;
export const JOB_SEED_KEYS: usize = 80;
export const JOB_SEGMENTS: usize = 84;
export const JOB_SEED_COUNTS: usize = 88;
export const JOB_ITEMS: usize = 92;
export const JOB_VALUE_OFFSET: usize = 96;
export const JOB_VALUE_STEP: usize = 104;
/** Keys added by a step to each of 27 neighbours at equal values; ((dk + 1) · 3 + dj + 1) · 3 + di + 1. */
export const JOB_STEPS: usize = 112;
/** Each on its own cache line, because threads write them. */
export const JOB_ITEM_COUNT: usize = 256;
export const JOB_ITEM_NEXT: usize = 320;
export const JOB_STOP: usize = 384;
/** Cells that threads have in hand. */
export const JOB_RUNNING: usize = 448;
/** Voxels whose path was found gone (i32). */
export const JOB_DOOMED: usize = 512;
export const JOB_BYTES: usize = 576;

export const CELL_EDGE: usize = 32;
export const CELL_DIRTY: usize = 0;
export const CELL_TOUCHED: usize = 256;
export const CELL_KEYS: usize = 576;
export const CELL_VALUES: usize = 131712;
export const CELL_DOOMED: usize = 197312;
export const CELL_BYTES: usize = 201408;

export const SLOT_I: usize = 0;
export const SLOT_J: usize = 4;
export const SLOT_K: usize = 8;
/** 1 when keys changed since the outcome was last taken. */
export const SLOT_CHANGED: usize = 12;
/** 1 when voxels are doomed. */
export const SLOT_DOOMED: usize = 16;
export const SLOT_CELLS: usize = 64;
export const SLOT_BYTES: usize = 64 + 8 * 201408;

export const SHELL_VALUES: usize = 98304;
export const SHELL_BYTES: usize = 147456;

export const ITEM_BYTES: usize = 32;
export const ITEM_WHAT: usize = 0;
export const ITEM_SLOT: usize = 4;
export const ITEM_VOXELS: usize = 8;
export const ITEM_BYTES_AT: usize = 12;
export const ITEM_BYTES_COUNT: usize = 16;
/** Where results go; the bytes written come back in the next field. */
export const ITEM_OUT: usize = 20;
export const ITEM_OUT_COUNT: usize = 24;

/** 64³ labels. */
export const SCRATCH_LABELS: usize = 0;
/** Keys of the line in hand as sources, and moved by one voxel either way; values alike. */
export const SCRATCH_SOURCES: usize = 524288;
export const SCRATCH_FORWARD: usize = 524352;
export const SCRATCH_BACKWARD: usize = 524416;
export const SCRATCH_VALUES_FORWARD: usize = 524480;
export const SCRATCH_VALUES_BACKWARD: usize = 524512;
/** The cell on the other side: address of its first voxel's key and value, bytes to the next one along i, j, k. */
export const SCRATCH_NEAR: usize = 524544;
/** Two planes that meet (kernels/seeds/planes.ts). */
export const SCRATCH_PLANES: usize = 524608;
/** Doomed voxels of a cell that were not looked at yet: a bit each, as in the cell. */
export const SCRATCH_PENDING: usize = 544256;
export const SCRATCH_BYTES: usize = 548352;
