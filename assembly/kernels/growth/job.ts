import {
  JOB_BYTES,
  JOB_CONNECTIVITY,
  JOB_EMPTY,
  JOB_HIGH,
  JOB_I0,
  JOB_I1,
  JOB_J0,
  JOB_J1,
  JOB_K0,
  JOB_K1,
} from "../../memory/growth";
import {
  JOB_LOW,
  JOB_NI,
  JOB_NJ,
  JOB_NK,
  JOB_PENDING,
  JOB_QUEUE,
  JOB_QUEUE_MASK,
  JOB_READY,
  JOB_STAGED,
} from "../../memory/growth";
import {
  JOB_STAGED_COUNT,
  JOB_STAGED_DONE,
  JOB_STAGED_NEXT,
  JOB_STOP,
  JOB_TABLE,
  JOB_TAIL,
  JOB_TOUCHED,
} from "../../memory/growth";
import {
  JOB_VOXEL_TYPE,
  JOB_WANTED,
  JOB_WANTED_COUNT,
  JOB_WANTED_TAKEN,
  SCRATCH_BYTES,
  SLOT_BYTES,
} from "../../memory/growth";
import {
  SLOT_DIRTY,
  SLOT_I,
  SLOT_J,
  SLOT_K,
  SLOT_NEIGHBOURS,
  SLOT_REACHED,
  SLOT_SEEDED,
  STAGED_BYTES,
  STAGED_MAX,
} from "../../memory/growth";
import { pop, push, release } from "./queue";
import { thresholdBrick } from "./threshold";
import { visit } from "./visit";

/* What the owner of a growth job calls, and `growthStep`, which every thread runs. All but `growthStep` and `growthStop` are
 * called by the owner's thread while no step runs. */

function align(n: usize): usize {
  return (n + 63) & ~(<usize>63);
}

/** Bytes of a job over `bricks` bricks with a ring of `capacity` entries (a power of 2, above 64 times the slots). */
export function growthJobBytes(bricks: i32, capacity: i32): usize {
  const n = <usize>bricks;
  return (
    align(JOB_BYTES) +
    align(n * 4) +
    align(n * 8) +
    align(n * 4) +
    align(STAGED_MAX * STAGED_BYTES) +
    align(<usize>capacity * 4) +
    SLOT_BYTES
  );
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
  store<u32>(job, <u32>at, JOB_TOUCHED);
  at += align(n * 8);
  store<u32>(job, <u32>at, JOB_WANTED);
  at += align(n * 4);
  store<u32>(job, <u32>at, JOB_STAGED);
  at += align(STAGED_MAX * STAGED_BYTES);
  store<u32>(job, <u32>at, JOB_QUEUE);
  store<i32>(job, capacity - 1, JOB_QUEUE_MASK);
  at += align(<usize>capacity * 4);
  store<u32>(job, <u32>at, JOB_EMPTY);
  store<i32>(job, 1, JOB_READY);
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

function tablePlace(job: usize, bi: i32, bj: i32, bk: i32): usize {
  const brick = (bk * load<i32>(job, JOB_NJ) + bj) * load<i32>(job, JOB_NI) + bi;
  return <usize>load<u32>(job, JOB_TABLE) + ((<usize>brick) << 2);
}

function inBox(job: usize, bi: i32, bj: i32, bk: i32): bool {
  return (
    bi >= 0 &&
    bj >= 0 &&
    bk >= 0 &&
    bi < load<i32>(job, JOB_NI) &&
    bj < load<i32>(job, JOB_NJ) &&
    bk < load<i32>(job, JOB_NK)
  );
}

/** Makes `slot`, in zeroed memory, the slot of a brick; it takes part once it is staged and a step has run. */
export function growthSlot(slot: usize, bi: i32, bj: i32, bk: i32): void {
  store<i32>(slot, bi, SLOT_I);
  store<i32>(slot, bj, SLOT_J);
  store<i32>(slot, bk, SLOT_K);
}

/** Puts a seed at a voxel of a slot that is not staged yet. */
export function growthSeed(slot: usize, i: i32, j: i32, k: i32): void {
  const row = slot + SLOT_REACHED + ((<usize>(k * 64 + j)) << 3);
  store<u64>(row, load<u64>(row) | ((<u64>1) << (<u64>i)));
  store<i32>(slot, 1, SLOT_SEEDED);
}

/** Stages a slot for the next step: `voxels` (64³ values, not read when `how` says that all are in range). At most 64 a step. */
export function growthStage(job: usize, slot: usize, voxels: usize, how: i32): void {
  if (load<i32>(job, JOB_READY)) {
    // The last step is over; its list makes room.
    store<i32>(job, 0, JOB_STAGED_COUNT);
    store<i32>(job, 0, JOB_STAGED_NEXT);
    store<i32>(job, 0, JOB_STAGED_DONE);
    store<i32>(job, 0, JOB_READY);
  }
  const n = load<i32>(job, JOB_STAGED_COUNT);
  const entry = <usize>load<u32>(job, JOB_STAGED) + <usize>n * STAGED_BYTES;
  store<u32>(entry, <u32>slot);
  store<u32>(entry, <u32>voxels, 4);
  store<i32>(entry, how, 8);
  store<i32>(job, n + 1, JOB_STAGED_COUNT);
}

/** Says that a brick has no candidate. */
export function growthEmpty(job: usize, bi: i32, bj: i32, bk: i32): void {
  const empty = <usize>load<u32>(job, JOB_EMPTY);
  store<u32>(tablePlace(job, bi, bj, bk), <u32>empty);
  for (let d = 0; d < 27; d++) {
    const di = (d % 3) - 1;
    const dj = ((d / 3) % 3) - 1;
    const dk = d / 9 - 1;
    if (d == 13 || !inBox(job, bi + di, bj + dj, bk + dk)) continue;
    const other = <usize>load<u32>(tablePlace(job, bi + di, bj + dj, bk + dk));
    if (other > 1 && other != empty) store<u32>(other + ((<usize>(26 - d)) << 2), <u32>empty, SLOT_NEIGHBOURS);
  }
}

/** Ties a slot to those around it. */
function link(job: usize, slot: usize): void {
  const empty = <usize>load<u32>(job, JOB_EMPTY);
  const bi = load<i32>(slot, SLOT_I);
  const bj = load<i32>(slot, SLOT_J);
  const bk = load<i32>(slot, SLOT_K);
  store<u32>(tablePlace(job, bi, bj, bk), <u32>slot);
  for (let d = 0; d < 27; d++) {
    if (d == 13) continue;
    const di = (d % 3) - 1;
    const dj = ((d / 3) % 3) - 1;
    const dk = d / 9 - 1;
    let other = empty;
    if (inBox(job, bi + di, bj + dj, bk + dk)) other = <usize>load<u32>(tablePlace(job, bi + di, bj + dj, bk + dk));
    if (other <= 1) continue;
    store<u32>(slot + ((<usize>d) << 2), <u32>other, SLOT_NEIGHBOURS);
    if (other != empty) store<u32>(other + ((<usize>(26 - d)) << 2), <u32>slot, SLOT_NEIGHBOURS);
  }
}

/** Lets the staged bricks in: links all of them first, then queues what waits for them. */
function admitStaged(job: usize): void {
  const count = load<i32>(job, JOB_STAGED_COUNT);
  const staged = <usize>load<u32>(job, JOB_STAGED);
  for (let n = 0; n < count; n++) link(job, <usize>load<u32>(staged + <usize>n * STAGED_BYTES));
  for (let n = 0; n < count; n++) {
    const slot = <usize>load<u32>(staged + <usize>n * STAGED_BYTES);
    const brick =
      (load<i32>(slot, SLOT_K) * load<i32>(job, JOB_NJ) + load<i32>(slot, SLOT_J)) * load<i32>(job, JOB_NI) +
      load<i32>(slot, SLOT_I);
    const touched = load<u64>(<usize>load<u32>(job, JOB_TOUCHED) + ((<usize>brick) << 3));
    for (let b: usize = 0; b < 64; b++) {
      const dirty = slot + SLOT_DIRTY + (b << 3);
      // Which rows were touched is not known before the brick is: all are looked at once.
      if ((touched >> <u64>b) & 1) store<u64>(dirty, ~(<u64>0));
      if (load<u64>(dirty)) push(job, slot, b);
    }
  }
}

/**
 * One thread's part of a step: thresholds staged bricks, then runs queued bit-bricks until none is left, `runs` are done or the
 * owner says stop. Every thread of the job calls it once a step, each with scratch of its own; `threads` of 1 never waits, so
 * that it may run where waiting is forbidden. The result does not depend on the number of threads: reachability has one answer.
 */
export function growthStep(job: usize, scratch: usize, runs: i32, threads: i32): void {
  admit(job, threads);
  for (let n = 0; n < runs; ) {
    if (atomic.load<i32>(job + JOB_STOP)) return;
    const entry = pop(job);
    if (entry) {
      visit(job, entry & ~(<usize>63), entry & 63, scratch);
      release(job, entry & ~(<usize>63), entry & 63);
      n++;
    } else {
      if (atomic.load<i32>(job + JOB_PENDING) == 0) return;
      // Others still run and may queue more: sleep until the ring's end moves, 20 µs at most.
      const tail = atomic.load<i32>(job + JOB_TAIL);
      if (threads > 1) atomic.wait<i32>(job + JOB_TAIL, tail, 20000);
    }
  }
}

function admit(job: usize, threads: i32): void {
  const count = atomic.load<i32>(job + JOB_STAGED_COUNT);
  const staged = <usize>load<u32>(job, JOB_STAGED);
  if (count > 0) {
    while (true) {
      const n = atomic.add<i32>(job + JOB_STAGED_NEXT, 1);
      if (n >= count) break;
      const entry = staged + <usize>n * STAGED_BYTES;
      thresholdBrick(job, <usize>load<u32>(entry), <usize>load<u32>(entry, 4), load<i32>(entry, 8));
      if (atomic.add<i32>(job + JOB_STAGED_DONE, 1) + 1 == count) {
        admitStaged(job);
        atomic.store<i32>(job + JOB_READY, 1);
        atomic.notify(job + JOB_READY, threads);
        return;
      }
    }
  }
  while (atomic.load<i32>(job + JOB_READY) == 0 && atomic.load<i32>(job + JOB_STOP) == 0) {
    if (threads > 1) atomic.wait<i32>(job + JOB_READY, 0, 1000000);
  }
}

/** Ends running steps early; the job cannot go on. */
export function growthStop(job: usize): void {
  atomic.store<i32>(job + JOB_STOP, 1);
  atomic.notify(job + JOB_READY, 64);
}

/** Bit-bricks that are still queued. */
export function growthPending(job: usize): i32 {
  return atomic.load<i32>(job + JOB_PENDING);
}

/** The next brick that the growth wants (its number in the box), or −1. */
export function growthTakeWanted(job: usize): i32 {
  const taken = load<i32>(job, JOB_WANTED_TAKEN);
  if (taken >= load<i32>(job, JOB_WANTED_COUNT)) return -1;
  store<i32>(job, taken + 1, JOB_WANTED_TAKEN);
  return load<i32>(<usize>load<u32>(job, JOB_WANTED) + ((<usize>taken) << 2));
}

/** Says that a brick is being brought, as for those with seeds, so that it is not wanted again. */
export function growthClaim(job: usize, bi: i32, bj: i32, bk: i32): void {
  store<u32>(tablePlace(job, bi, bj, bk), 1);
}

/** Address of a slot's 32 KiB of reached bits. */
export function growthReached(slot: usize): usize {
  return slot + SLOT_REACHED;
}

/** Voxels reached in a slot. */
export function growthCount(slot: usize): i32 {
  let count: u64 = 0;
  for (let at = slot + SLOT_REACHED, end = at + 32768; at < end; at += 8) count += popcnt<u64>(load<u64>(at));
  return <i32>count;
}
