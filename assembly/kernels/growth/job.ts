import {
  FREE_MAX,
  JOB_BYTES,
  JOB_CONNECTIVITY,
  JOB_DIRECTORY,
  JOB_EMPTY,
  JOB_EVENTS,
  JOB_FREE,
  JOB_FREE_HEAD,
  JOB_FREE_TAIL,
  JOB_HEAD,
  JOB_HIGH,
  JOB_I0,
  JOB_I1,
  JOB_J0,
  JOB_J1,
  JOB_K0,
  JOB_K1,
  JOB_LOW,
  JOB_NI,
  JOB_NJ,
  JOB_NK,
  JOB_PENDING,
  JOB_QUEUE,
  JOB_QUEUE_MASK,
  JOB_STAGED,
  JOB_STAGED_COUNT,
  JOB_STAGED_NEXT,
  JOB_STOP,
  JOB_TABLE,
  JOB_TAIL,
  JOB_TOUCHED,
  JOB_VOXEL_TYPE,
  JOB_WANTED,
  JOB_WANTED_COUNT,
  JOB_WANTED_MASK,
  JOB_WANTED_TAKEN,
  SCRATCH_BYTES,
  SLOT_BYTES,
  SLOT_SEEN,
  STAGED_MAX,
} from "../../memory/growth";
import { tablePlace, takeSlot, tellOwner } from "./admit";
import { pop, release } from "./queue";
import { thresholdStaged } from "./staged";
import { visit } from "./visit";

/* The frame of a growth job: what its owner calls to lay it out and look at it, and `growthRun`, which every thread runs. */

/** How long a thread sleeps that finds nothing to do, in nanoseconds. */
const SHORTEST_NAP: i64 = 20_000;
const LONGEST_NAP: i64 = 1_000_000;

function align(n: usize): usize {
  return (n + 63) & ~(<usize>63);
}

/** Bytes of a job over `bricks` bricks with a ring of `capacity` entries (a power of 2, above 64 times the slots). */
export function growthJobBytes(bricks: i32, capacity: i32): usize {
  const n = <usize>bricks;
  const lists = align(n * 4) + align(n * 8) * 2 + align(wantedPlaces(n) * 4);
  return align(JOB_BYTES) + lists + STAGED_MAX * 4 + FREE_MAX * 4 + align(<usize>capacity * 4) + SLOT_BYTES;
}

/** Places of the ring of wanted bricks: a power of 2 that holds all bricks, each of which is claimed once at a time. */
function wantedPlaces(bricks: usize): usize {
  let places: usize = 16;
  while (places < bricks) places <<= 1;
  return places;
}

export function growthSlotBytes(): usize {
  return SLOT_BYTES;
}

export function growthScratchBytes(): usize {
  return SCRATCH_BYTES;
}

/** Sets up a job in zeroed memory, 64-byte aligned. The range is in the voxel type's own values, both ends inside. */
export function growthInit(
  job: usize,
  voxelType: i32,
  connectivity: i32,
  low: f64,
  high: f64,
  ni: i32,
  nj: i32,
  nk: i32,
  capacity: i32,
): void {
  store<i32>(job, voxelType, JOB_VOXEL_TYPE);
  store<i32>(job, connectivity, JOB_CONNECTIVITY);
  store<f64>(job, low, JOB_LOW);
  store<f64>(job, high, JOB_HIGH);
  store<i32>(job, ni, JOB_NI);
  store<i32>(job, nj, JOB_NJ);
  store<i32>(job, nk, JOB_NK);
  const n = <usize>(ni * nj * nk);
  let at = job + align(JOB_BYTES);
  store<u32>(job, <u32>at, JOB_TABLE);
  at += align(n * 4);
  store<u32>(job, <u32>at, JOB_DIRECTORY);
  at += align(n * 8);
  store<u32>(job, <u32>at, JOB_TOUCHED);
  at += align(n * 8);
  store<u32>(job, <u32>at, JOB_WANTED);
  store<i32>(job, <i32>wantedPlaces(n) - 1, JOB_WANTED_MASK);
  at += align(wantedPlaces(n) * 4);
  store<u32>(job, <u32>at, JOB_STAGED);
  at += STAGED_MAX * 4;
  store<u32>(job, <u32>at, JOB_FREE);
  at += FREE_MAX * 4;
  store<u32>(job, <u32>at, JOB_QUEUE);
  store<i32>(job, capacity - 1, JOB_QUEUE_MASK);
  at += align(<usize>capacity * 4);
  store<u32>(job, <u32>at, JOB_EMPTY);
  // Its bit-bricks are known, and hold no candidate.
  store<u64>(at, ~(<u64>0), SLOT_SEEN);
}

/** The box to grow in, in voxels from the first voxel of the first brick. */
export function growthBox(job: usize, i0: i32, j0: i32, k0: i32, i1: i32, j1: i32, k1: i32): void {
  store<i32>(job, i0, JOB_I0);
  store<i32>(job, j0, JOB_J0);
  store<i32>(job, k0, JOB_K0);
  store<i32>(job, i1, JOB_I1);
  store<i32>(job, j1, JOB_J1);
  store<i32>(job, k1, JOB_K1);
}

/** Says where the voxels of a brick lie, so that threads can let it in by themselves; they must stay there until the job ends. */
export function growthDirectory(job: usize, brick: i32, voxels: usize, how: i32): void {
  const at = <usize>load<u32>(job, JOB_DIRECTORY) + ((<usize>brick) << 3);
  store<i32>(at, how, 4);
  atomic.store<u32>(at, <u32>voxels);
}

/** Lays out a slot for threads to use; false when as many as fit are laid out. */
export function growthFreeSlot(job: usize, slot: usize): bool {
  const tail = load<i32>(job, JOB_FREE_TAIL);
  if (tail - atomic.load<i32>(job + JOB_FREE_HEAD) >= <i32>FREE_MAX) return false;
  store<u32>(<usize>load<u32>(job, JOB_FREE) + ((<usize>tail & (FREE_MAX - 1)) << 2), <u32>slot);
  atomic.store<i32>(job + JOB_FREE_TAIL, tail + 1);
  return true;
}

/** Slots laid out that no thread has taken. */
export function growthFreeSlots(job: usize): i32 {
  return load<i32>(job, JOB_FREE_TAIL) - atomic.load<i32>(job + JOB_FREE_HEAD);
}

/**
 * A thread's part of the work: thresholds staged bricks and runs queued bit-bricks, until nothing is left, the owner says stop, or
 * `runs` are done. With `threads` above 1 it waits for others that may queue more; with 1 it returns when the ring is empty, so
 * that it may run where waiting is forbidden. The result does not depend on the number of threads: reachability has one answer.
 */
export function growthRun(job: usize, scratch: usize, runs: i32, threads: i32): void {
  let nap: i64 = SHORTEST_NAP;
  for (let n = 0; n < runs; ) {
    if (atomic.load<i32>(job + JOB_STOP)) return;
    if (atomic.load<i32>(job + JOB_STAGED_COUNT) != atomic.load<i32>(job + JOB_STAGED_NEXT)) thresholdStaged(job);
    const entry = pop(job);
    if (entry) {
      visit(job, entry & ~(<usize>63), entry & 63, scratch);
      if (release(job, entry & ~(<usize>63), entry & 63)) tellOwner(job);
      nap = SHORTEST_NAP;
      n++;
    } else {
      if (threads == 1 || atomic.load<i32>(job + JOB_PENDING) == 0) return;
      // Others still run, or the owner brings bricks, and then says so. Longer naps when the bricks take their time.
      const tail = atomic.load<i32>(job + JOB_TAIL);
      if (atomic.load<i32>(job + JOB_HEAD) == tail) atomic.wait<i32>(job + JOB_TAIL, tail, nap);
      nap = min<i64>(nap * 2, LONGEST_NAP);
    }
  }
}

/** Makes running threads return: 1 to go on later, 2 for good; 0 lets them run again. */
export function growthStop(job: usize, how: i32): void {
  atomic.store<i32>(job + JOB_STOP, how);
}

/** Bit-bricks queued or running, and bricks to come: 0 when the growth is done. */
export function growthPending(job: usize): i32 {
  return atomic.load<i32>(job + JOB_PENDING);
}

/** Whether a thread would find something to do. */
export function growthReady(job: usize): bool {
  return (
    atomic.load<i32>(job + JOB_TAIL) != atomic.load<i32>(job + JOB_HEAD) ||
    atomic.load<i32>(job + JOB_STAGED_COUNT) != atomic.load<i32>(job + JOB_STAGED_NEXT)
  );
}

/** Address of the counter of events that the owner waits on. */
export function growthEvents(job: usize): usize {
  return job + JOB_EVENTS;
}

/** The next brick that the owner has to bring (its number in the box), or −1. */
export function growthTakeWanted(job: usize): i32 {
  const taken = load<i32>(job, JOB_WANTED_TAKEN);
  if (taken >= atomic.load<i32>(job + JOB_WANTED_COUNT)) return -1;
  const at = <usize>load<u32>(job, JOB_WANTED) + ((<usize>(taken & load<i32>(job, JOB_WANTED_MASK))) << 2);
  // Counted before it is written.
  let entry = atomic.xchg<u32>(at, 0);
  while (entry == 0) entry = atomic.xchg<u32>(at, 0);
  store<i32>(job, taken + 1, JOB_WANTED_TAKEN);
  return <i32>(entry - 1);
}

/** The slot of a brick, 0 where there is none with candidates. */
export function growthSlotOf(job: usize, brick: i32): usize {
  const entry = <usize>atomic.load<u32>(tablePlace(job, <usize>brick));
  return entry > 1 && entry != <usize>load<u32>(job, JOB_EMPTY) ? entry : 0;
}

/** Takes back a slot that was laid out and that no thread has taken; 0 when there is none. */
export function growthTakeFreeSlot(job: usize): usize {
  return takeSlot(job);
}
