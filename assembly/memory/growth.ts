/*
 * Memory of one growth job. The owner (src/workers/growth) lays it out and passes pointers; nothing here allocates.
 *
 *   job ─┬ header            512 B   fields below
 *        ├ table             4 B a brick of the region's box: 0 absent, 1 claimed, else pointer to its slot
 *        ├ directory         8 B a brick: where its voxels lie (0: not at hand), how its candidates are known
 *        ├ touched           8 B a brick: bit-bricks that were reached before the brick was there
 *        ├ wanted            4 B a brick: claimed bricks that the owner has to bring, in the order they were claimed; a ring
 *        ├ staged            4 B an entry, STAGED_MAX entries: slots whose voxels are only lent; a ring
 *        ├ free              4 B an entry, FREE_MAX entries: slots laid out for threads to use; a ring
 *        ├ queue             4 B an entry: slot | bit-brick; a ring
 *        └ empty slot        stands for every brick without candidates and for all that lies outside the region
 *   slot ─┬ header          3072 B   brick, voxels, clip, neighbours; per bit-brick a state, dirty rows and edges
 *         ├ candidates       32 KiB  bit i of word k·64 + j: voxel (i, j, k) is in range, in the volume and in the box
 *         └ reached          32 KiB  the same for voxels that the growth has reached; a subset of the candidates
 *   scratch                  8 KiB a thread
 *
 * A bit-brick is 64×8×8 voxels of a brick: 64 rows of one word; row r is j = r & 7, k = r >> 3; bit-brick b is j/8 = b & 7,
 * k/8 = b >> 3. Both halves of a slot hold nothing in a slab of eight slices before it is seen (SLOT_SEEN). Fields that threads share are
 * read and written by atomics only; rows of `reached` are written by the one thread that runs their bit-brick and only ever gain
 * bits, so that others may read them at any time.
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
export const JOB_DIRECTORY: usize = 64;
export const JOB_TOUCHED: usize = 68;
export const JOB_WANTED: usize = 72;
/** The owner's count of wanted bricks that it has taken. */
export const JOB_WANTED_TAKEN: usize = 76;
export const JOB_WANTED_MASK: usize = 104;
export const JOB_STAGED: usize = 80;
export const JOB_QUEUE: usize = 84;
export const JOB_QUEUE_MASK: usize = 88;
export const JOB_EMPTY: usize = 92;
/** 1: threads return as soon as they can (the owner wants the job to itself); 2: the job is over. */
export const JOB_STOP: usize = 96;
export const JOB_FREE: usize = 100;
/** Free slots that were laid out, and those that threads have taken. */
export const JOB_FREE_TAIL: usize = 128;
export const JOB_FREE_HEAD: usize = 132;
/** Each on its own cache line, because every thread writes them. */
export const JOB_HEAD: usize = 192;
export const JOB_TAIL: usize = 256;
/** Bit-bricks queued or running, bricks claimed and not in yet, bricks staged: nothing is left to do when it is 0. */
export const JOB_PENDING: usize = 320;
export const JOB_WANTED_COUNT: usize = 384;
/** Counts what the owner should look at: a wanted brick, slots running out, a staged brick done, the end. */
export const JOB_EVENTS: usize = 388;
export const JOB_STAGED_COUNT: usize = 448;
export const JOB_STAGED_NEXT: usize = 452;
export const JOB_BYTES: usize = 512;

export const STAGED_MAX: usize = 64;
export const FREE_MAX: usize = 512;
/** Free slots below which the owner is told to lay out more: a thread takes some 25 a millisecond. */
export const FREE_LOW: i32 = 96;

export const SLOT_I: usize = 0;
export const SLOT_J: usize = 4;
export const SLOT_K: usize = 8;
export const SLOT_VOXELS: usize = 12;
/** How candidates are known: BY_VOXELS, ALL_IN_RANGE, BY_BITS. */
export const SLOT_HOW: usize = 16;
/** 1 while the voxels are lent: they go once every bit-brick is seen. */
export const SLOT_LENT: usize = 20;
/** Slabs of eight slices (bit-bricks with the same b >> 3) whose candidates are known, and those that a thread looks at. */
export const SLOT_SEEN: usize = 24;
export const SLOT_SEEING: usize = 28;
/** Bit-bricks whose reached rows are to be spread although they did not change: those with seeds. */
export const SLOT_FORCED: usize = 32;
/** Bit-bricks all of whose voxels are candidates. */
export const SLOT_FULL: usize = 40;
/** What of the brick belongs to the box: bits of a row, then bits j and bits k. */
export const SLOT_CLIP_I: usize = 48;
export const SLOT_CLIP_J: usize = 56;
export const SLOT_CLIP_K: usize = 64;
/** 27 slot pointers, ((dk + 1) · 3 + dj + 1) · 3 + di + 1; 0 where the brick is absent. */
export const SLOT_NEIGHBOURS: usize = 96;
export const SLOT_STATE: usize = 224;
export const SLOT_DIRTY: usize = 480;
/** 32 B a bit-brick, a bit a row: first voxels that are candidates, last voxels that are, first and last ones reached. */
export const SLOT_EDGES: usize = 1024;
export const SLOT_CANDIDATES: usize = 3072;
export const SLOT_REACHED: usize = 3072 + 32768;
export const SLOT_BYTES: usize = 3072 + 2 * 32768;

export const EDGE_FIRST_CANDIDATES: usize = 0;
export const EDGE_LAST_CANDIDATES: usize = 8;
export const EDGE_FIRST_REACHED: usize = 16;
export const EDGE_LAST_REACHED: usize = 24;

/** From a row's candidates to its reached bits. */
export const TO_REACHED: usize = 32768;

export const IDLE: i32 = 0;
export const QUEUED: i32 = 1;
export const RUNNING: i32 = 2;
export const RUNNING_AND_QUEUED: i32 = 3;

/** The voxels of a brick have to be looked at. */
export const BY_VOXELS: i32 = 0;
/** Every voxel is in range (from the brick's minimum and maximum); there is nothing to read. */
export const ALL_IN_RANGE: i32 = 1;
/** What lies at `voxels` are 64³ bits of candidates. */
export const BY_BITS: i32 = 2;
/** No voxel is in range. */
export const NONE_IN_RANGE: i32 = 3;

/** 10×10 rows with halo: candidates, reached, bits that come over the i border (18 and 26 neighbours only). */
export const SCRATCH_M: usize = 0;
export const SCRATCH_S: usize = 800;
export const SCRATCH_E: usize = 1600;
/** 27 bit-brick addresses (first row's candidates), 0 where absent or not seen; 27 row sets to mark dirty. */
export const SCRATCH_BASE: usize = 2400;
export const SCRATCH_OUT: usize = 2560;
export const SCRATCH_BYTES: usize = 8192;
