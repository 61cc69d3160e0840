import {
  IDLE,
  ITEM_BYTES,
  ITEM_BYTES_AT,
  ITEM_BYTES_COUNT,
  ITEM_OUT,
  ITEM_SLOT,
  ITEM_VOXELS,
} from "../../memory/seeds";
import { ITEM_WHAT, JOB_BUSY, JOB_BYTES, JOB_CLASSES, JOB_DOOMED, JOB_I0, JOB_I1, JOB_ITEMS } from "../../memory/seeds";
import { JOB_ITEM_COUNT, JOB_ITEM_NEXT, JOB_J0, JOB_J1, JOB_K0, JOB_K1, JOB_LABEL_BITS } from "../../memory/seeds";
import { JOB_LIMIT, JOB_MARKS, JOB_NI, JOB_NJ, JOB_NK, JOB_PRIORITY, JOB_RUNNING } from "../../memory/seeds";
import { JOB_SEED_COUNTS, JOB_SEED_KEYS, JOB_SEGMENTS, JOB_SHIFT, JOB_STEPS, JOB_STOP } from "../../memory/seeds";
import { JOB_TABLE, JOB_VALUE_OFFSET, JOB_VALUE_STEP, JOB_VOXEL_TYPE, JOB_WAITING, JOB_WIDE } from "../../memory/seeds";
import { SCRATCH_BYTES, SLOT_BYTES, SLOT_CHANGED, SLOT_DOOMED, SLOT_I, SLOT_J, SLOT_K } from "../../memory/seeds";
import { WALL_CLASS } from "../../memory/seeds";
import { firstCell, waitDirty } from "./drawn";
import { runItem } from "./items";
import { cellCount, claim, release, runCell } from "./schedule";

/* What the owner of a growth from seeds calls, and `seedsStep`, which every thread runs. All but `seedsStep` and `seedsStop` are
 * called by the owner's thread while no step runs. */

function align(n: usize): usize {
  return (n + 63) & ~(<usize>63);
}

/** Bytes of a job over `bricks` bricks with ranks 1 to `ranks`, and at most `items` items a step. */
export function seedsJobBytes(bricks: i32, ranks: i32, items: i32): usize {
  const n = <usize>bricks;
  const r = <usize>ranks + 1;
  return (
    JOB_BYTES + align(n * 4) + 4 * n * 32 + 131072 + 2 * align(r * 4) + align(r * 2) + align(<usize>items * ITEM_BYTES)
  );
}

export function seedsSlotBytes(): usize {
  return SLOT_BYTES;
}

export function seedsScratchBytes(): usize {
  return SCRATCH_BYTES;
}

/** Sets up a job in zeroed memory, 64-byte aligned. All labels are walls and all steps cost nothing before they are told. */
export function seedsInit(
  job: usize,
  wide: bool,
  shift: i32,
  labelBits: i32,
  limit: i32,
  voxelType: i32,
  valueOffset: f64,
  valueStep: f64,
  ni: i32,
  nj: i32,
  nk: i32,
  ranks: i32,
): void {
  store<i32>(job, wide ? 1 : 0, JOB_WIDE);
  store<i32>(job, shift, JOB_SHIFT);
  store<i32>(job, labelBits, JOB_LABEL_BITS);
  store<i32>(job, limit, JOB_LIMIT);
  store<i32>(job, voxelType, JOB_VOXEL_TYPE);
  store<f64>(job, valueOffset, JOB_VALUE_OFFSET);
  store<f64>(job, valueStep, JOB_VALUE_STEP);
  store<i32>(job, ni, JOB_NI);
  store<i32>(job, nj, JOB_NJ);
  store<i32>(job, nk, JOB_NK);
  const n = <usize>(ni * nj * nk);
  const r = <usize>ranks + 1;
  let at = job + JOB_BYTES;
  store<u32>(job, <u32>at, JOB_TABLE);
  at += align(n * 4);
  store<u32>(job, <u32>at, JOB_PRIORITY);
  store<u32>(job, <u32>(at + n * 32), JOB_WAITING);
  for (let c: usize = 0; c < n * 64; c += 4) store<i32>(at + c, IDLE);
  at += n * 64;
  store<u32>(job, <u32>at, JOB_MARKS);
  store<u32>(job, <u32>(at + n * 32), JOB_BUSY);
  at += n * 64;
  store<u32>(job, <u32>at, JOB_CLASSES);
  for (let label: usize = 0; label < 131072; label += 2) store<u16>(at + label, WALL_CLASS);
  at += 131072;
  store<u32>(job, <u32>at, JOB_SEED_KEYS);
  at += align(r * 4);
  store<u32>(job, <u32>at, JOB_SEED_COUNTS);
  at += align(r * 4);
  store<u32>(job, <u32>at, JOB_SEGMENTS);
  at += align(r * 2);
  store<u32>(job, <u32>at, JOB_ITEMS);
}

/** The region, in voxels from the first voxel of the first brick; upper ends are outside. */
export function seedsBox(job: usize, i0: i32, j0: i32, k0: i32, i1: i32, j1: i32, k1: i32): void {
  store<i32>(job, i0, JOB_I0);
  store<i32>(job, j0, JOB_J0);
  store<i32>(job, k0, JOB_K0);
  store<i32>(job, i1, JOB_I1);
  store<i32>(job, j1, JOB_J1);
  store<i32>(job, k1, JOB_K1);
}

/** Units that a step to the neighbour in a direction costs at equal values. */
export function seedsStepUnits(job: usize, d: i32, units: i32): void {
  store<i32>(job + ((<usize>d) << 2), units << load<i32>(job, JOB_LABEL_BITS), JOB_STEPS);
}

/** Says that voxels with a label are free. */
export function seedsFree(job: usize, label: i32): void {
  store<u16>(<usize>load<u32>(job, JOB_CLASSES) + ((<usize>label) << 1), 0);
}

/** Says that voxels of a segment are seeds of a rank, with the key they start with. */
export function seedsSegment(job: usize, rank: i32, segment: i32, key: i32): void {
  store<u16>(<usize>load<u32>(job, JOB_CLASSES) + ((<usize>segment) << 1), <u16>rank);
  store<u16>(<usize>load<u32>(job, JOB_SEGMENTS) + ((<usize>rank) << 1), <u16>segment);
  store<i32>(<usize>load<u32>(job, JOB_SEED_KEYS) + ((<usize>rank) << 2), key);
}

/** Seeds of a rank in the bricks admitted. */
export function seedsCount(job: usize, rank: i32): i32 {
  return load<i32>(<usize>load<u32>(job, JOB_SEED_COUNTS) + ((<usize>rank) << 2));
}

/** Makes `slot` the slot of a brick of the box; it takes part once an item has filled it and it is published. */
export function seedsSlot(slot: usize, bi: i32, bj: i32, bk: i32): void {
  store<i32>(slot, bi, SLOT_I);
  store<i32>(slot, bj, SLOT_J);
  store<i32>(slot, bk, SLOT_K);
  store<i32>(slot, 1, SLOT_CHANGED);
  store<i32>(slot, 0, SLOT_DOOMED);
}

/** Lets a filled slot take part: what waits for its cells, and their dirty lines, come in turn. */
export function seedsPublish(job: usize, slot: usize): void {
  const first = firstCell(job, slot);
  store<u32>(<usize>load<u32>(job, JOB_TABLE) + ((<usize>(first >> 3)) << 2), <u32>slot);
  move(job, first, JOB_WAITING, JOB_PRIORITY);
  waitDirty(job, slot, 0);
}

/** Takes a slot out, leaving its shell; what waits for its cells waits for its return. */
export function seedsWithdraw(job: usize, slot: usize, shell: usize): void {
  const first = firstCell(job, slot);
  store<u32>(<usize>load<u32>(job, JOB_TABLE) + ((<usize>(first >> 3)) << 2), <u32>shell | 1);
  move(job, first, JOB_PRIORITY, JOB_WAITING);
}

function move(job: usize, first: i32, from: usize, to: usize): void {
  const source = <usize>load<u32>(job + from) + ((<usize>first) << 2);
  const target = <usize>load<u32>(job + to) + ((<usize>first) << 2);
  for (let c: usize = 0; c < 32; c += 4) {
    store<i32>(target + c, min<i32>(load<i32>(source + c), load<i32>(target + c)));
    store<i32>(source + c, IDLE);
  }
}

/** Address of the smallest keys that wait in cells whose bricks have no slot (i32 each, IDLE when none does). */
export function seedsWaiting(job: usize): usize {
  return <usize>load<u32>(job, JOB_WAITING);
}

/** Address of the same for cells whose bricks have one. */
export function seedsPriority(job: usize): usize {
  return <usize>load<u32>(job, JOB_PRIORITY);
}

/** Address of the n-th item of a step, to be filled in. */
export function seedsItem(
  job: usize,
  n: i32,
  what: i32,
  slot: usize,
  voxels: usize,
  bytes: usize,
  count: i32,
  out: usize,
): usize {
  const item = <usize>load<u32>(job, JOB_ITEMS) + <usize>n * ITEM_BYTES;
  store<i32>(item, what, ITEM_WHAT);
  store<u32>(item, <u32>slot, ITEM_SLOT);
  store<u32>(item, <u32>voxels, ITEM_VOXELS);
  store<u32>(item, <u32>bytes, ITEM_BYTES_AT);
  store<i32>(item, count, ITEM_BYTES_COUNT);
  store<u32>(item, <u32>out, ITEM_OUT);
  store<i32>(job, n + 1, JOB_ITEM_COUNT);
  store<i32>(job, 0, JOB_ITEM_NEXT);
  return item;
}

/**
 * One thread's part of a step: works off items, then runs at most `runs` cells in the order of what waits in them, relaxing them or
 * dooming what hangs on doomed voxels. Every thread of the job calls it once a step, each with scratch of its own; `threads` of 1
 * never waits, so that it may run where waiting is forbidden.
 */
export function seedsStep(job: usize, scratch: usize, runs: i32, dooming: bool, threads: i32): void {
  const items = atomic.load<i32>(job + JOB_ITEM_COUNT);
  while (atomic.load<i32>(job + JOB_STOP) == 0) {
    const n = atomic.add<i32>(job + JOB_ITEM_NEXT, 1);
    if (n >= items) break;
    runItem(job, <usize>load<u32>(job, JOB_ITEMS) + <usize>n * ITEM_BYTES, scratch);
  }
  for (let n = 0; n < runs; ) {
    if (atomic.load<i32>(job + JOB_STOP)) return;
    const cell = claim(job);
    if (cell >= 0) {
      runCell(job, cell, scratch, dooming);
      release(job, cell);
      n++;
      continue;
    }
    const running = atomic.load<i32>(job + JOB_RUNNING);
    if (running == 0 || threads == 1) return;
    // Others still run and may put more in turn: 50 µs, then look again.
    atomic.wait<i32>(job + JOB_RUNNING, running, 50000);
  }
}

/** Ends running steps early; the job cannot go on. */
export function seedsStop(job: usize): void {
  atomic.store<i32>(job + JOB_STOP, 1);
}

/** Forgets the items of the last step. */
export function seedsItemsDone(job: usize): void {
  store<i32>(job, 0, JOB_ITEM_COUNT);
}

/** Cells of the box whose bricks have slots and that wait to be run. */
export function seedsPending(job: usize): i32 {
  const count = cellCount(job);
  const priority = <usize>load<u32>(job, JOB_PRIORITY);
  let pending = 0;
  for (let n = 0; n < count; n++) if (load<i32>(priority + ((<usize>n) << 2)) != IDLE) pending++;
  return pending;
}

/** Whether keys of a slot changed since the last call. */
export function seedsTakeChanged(slot: usize): bool {
  const changed = load<i32>(slot, SLOT_CHANGED) != 0;
  store<i32>(slot, 0, SLOT_CHANGED);
  return changed;
}

/** Whether voxels of a slot are doomed. */
export function seedsHasDoomed(slot: usize): bool {
  return load<i32>(slot, SLOT_DOOMED) != 0;
}

/** Voxels doomed since the job began. */
export function seedsDoomed(job: usize): i32 {
  return load<i32>(job, JOB_DOOMED);
}
