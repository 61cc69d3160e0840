/*
 * Memory of one growth job. The owner (src/workers/growth) lays it out and passes pointers; nothing here allocates.
 *
 *   job ─┬ header            256 B   fields below
 *        ├ table             4 B a brick of the region's box: 0 absent, 1 wanted, else pointer to its slot
 *        ├ touched           8 B a brick: bit-bricks that were reached before the brick was there
 *        ├ wanted            4 B a brick: list of wanted bricks, in the order they were first touched
 *        ├ staged           16 B an entry, STAGED_MAX entries: slot, voxels, how to threshold
 *        ├ queue             4 B an entry: slot | bit-brick; a ring
 *        └ empty slot        stands for every brick without candidates and for all that lies outside the region
 *   slot ─┬ header          1024 B   brick coordinates, neighbours, a state and a set of dirty rows per bit-brick
 *         ├ candidates       32 KiB  bit i of word k·64 + j: voxel (i, j, k) is in range, in the volume and in the box
 *         └ reached          32 KiB  the same for voxels that the growth has reached; a subset of the candidates
 *   scratch                  8 KiB a thread
 *
 * A bit-brick is 64×8×8 voxels of a brick: 64 rows of one word; row r is j = r & 7, k = r >> 3; bit-brick b is j/8 = b & 7,
 * k/8 = b >> 3. Fields that threads share are read and written by atomics only; rows of `reached` are written by the one
 * thread that runs their bit-brick and only ever gain bits, so that others may read them at any time.
 */

export const JOB_VOXEL_TYPE: usize = 0;
export const JOB_CONNECTIVITY: usize = 4;
export const JOB_LOW: usize = 8;
export const JOB_HIGH: usize = 16;
/** Bricks of the region's box along i, j, k. */
export const JOB_NI: usize = 24;
export const JOB_NJ: usize = 28;
export const JOB_NK: usize = 32;
/** Voxel box to grow in, from the first voxel of the first brick of the box; upper ends are outside. */
export const JOB_I0: usize = 36;
export const JOB_J0: usize = 40;
export const JOB_K0: usize = 44;
export const JOB_I1: usize = 48;
export const JOB_J1: usize = 52;
export const JOB_K1: usize = 56;
export const JOB_TABLE: usize = 60;
export const JOB_TOUCHED: usize = 64;
export const JOB_WANTED: usize = 68;
export const JOB_WANTED_COUNT: usize = 72;
export const JOB_WANTED_TAKEN: usize = 76;
export const JOB_STAGED: usize = 80;
export const JOB_STAGED_COUNT: usize = 84;
export const JOB_STAGED_NEXT: usize = 88;
export const JOB_STAGED_DONE: usize = 92;
export const JOB_QUEUE: usize = 96;
export const JOB_QUEUE_MASK: usize = 100;
export const JOB_EMPTY: usize = 104;
export const JOB_STOP: usize = 108;
/** 1 once the staged bricks of a step are in; the flood of that step may begin. */
export const JOB_READY: usize = 112;
/** Each on its own cache line, because every thread writes them. */
export const JOB_HEAD: usize = 128;
export const JOB_TAIL: usize = 192;
/** Bit-bricks queued or running: nothing is left to do when it is 0. */
export const JOB_PENDING: usize = 256;
export const JOB_BYTES: usize = 320;

export const STAGED_MAX: usize = 64;
export const STAGED_BYTES: usize = 16;

export const SLOT_I: usize = 0;
export const SLOT_J: usize = 4;
export const SLOT_K: usize = 8;
export const SLOT_SEEDED: usize = 12;
/** Bit-bricks whose reached rows are to be spread although they did not change: those with seeds. */
export const SLOT_FORCED: usize = 16;
/** Bit-bricks all of whose voxels are candidates. */
export const SLOT_FULL: usize = 24;
/** 27 slot pointers, ((dk + 1) · 3 + dj + 1) · 3 + di + 1; 0 where the brick is absent. */
export const SLOT_NEIGHBOURS: usize = 32;
export const SLOT_STATE: usize = 160;
export const SLOT_DIRTY: usize = 416;
export const SLOT_CANDIDATES: usize = 1024;
export const SLOT_REACHED: usize = 1024 + 32768;
export const SLOT_BYTES: usize = 1024 + 2 * 32768;

/** From a row's candidates to its reached bits. */
export const TO_REACHED: usize = 32768;

export const IDLE: i32 = 0;
export const QUEUED: i32 = 1;
export const RUNNING: i32 = 2;
export const RUNNING_AND_QUEUED: i32 = 3;

/** 10×10 rows with halo: candidates, reached, bits that come over the i border. */
export const SCRATCH_M: usize = 0;
export const SCRATCH_S: usize = 800;
export const SCRATCH_E: usize = 1600;
/** 27 bit-brick addresses (first row's candidates), 0 where absent; 27 row sets to mark dirty. */
export const SCRATCH_BASE: usize = 2400;
export const SCRATCH_OUT: usize = 2560;
export const SCRATCH_BYTES: usize = 8192;
