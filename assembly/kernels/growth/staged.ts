import {
  JOB_EMPTY,
  JOB_PENDING,
  JOB_STAGED,
  JOB_STAGED_COUNT,
  JOB_STAGED_NEXT,
  JOB_TAIL,
  SLOT_DIRTY,
} from "../../memory/growth";
import { SLOT_FORCED, SLOT_LENT, SLOT_REACHED, STAGED_MAX, TO_REACHED } from "../../memory/growth";
import { SLOT_CANDIDATES, SLOT_VOXELS } from "../../memory/growth";
import { letIn, prepareSlot, tablePlace, tellOwner } from "./admit";
import { gatherReached } from "./edges";
import { oneBit } from "./rows";
import { bitBrickOffset, isSeen, see } from "./see";

/* Bricks that the owner brings itself. */

/** Claims a brick for the owner, as those with seeds, unless it is claimed or there; returns whether the owner is to bring it. */
export function growthClaim(job: usize, brick: i32): bool {
  if (atomic.cmpxchg<u32>(tablePlace(job, <usize>brick), 0, 1) != 0) return false;
  atomic.add<i32>(job + JOB_PENDING, 1);
  return true;
}

/** Makes memory of any content the slot of a claimed brick; seeds may be put, then it is let in or staged. */
export function growthSlot(job: usize, slot: usize, brick: i32, voxels: usize, how: i32): void {
  prepareSlot(job, slot, <usize>brick, voxels, how);
}

/** Puts a seed at a voxel of a slot that is not let in yet; nothing when it is no candidate. */
export function growthSeed(job: usize, slot: usize, i: i32, j: i32, k: i32): void {
  const b = <usize>(k >> 3) * 8 + <usize>(j >> 3);
  if (!isSeen(slot, b)) see(job, slot, b);
  const row = slot + SLOT_CANDIDATES + <usize>(k * 64 + j) * 8;
  const bit = load<u64>(row) & oneBit(<usize>i);
  if (!bit) return;
  store<u64>(row, load<u64>(row, TO_REACHED) | bit, TO_REACHED);
  gatherReached(slot, b);
  force(slot, b, oneBit(<usize>((k & 7) * 8 + (j & 7))));
}

/** Has rows of a bit-brick spread although nothing beside them gained. */
function force(slot: usize, b: usize, rows: u64): void {
  store<u64>(slot, load<u64>(slot, SLOT_FORCED) | oneBit(b), SLOT_FORCED);
  const dirty = slot + SLOT_DIRTY + (b << 3);
  store<u64>(dirty, load<u64>(dirty) | rows);
}

/** Lets a claimed brick in whose voxels stay where they are until the job ends. */
export function growthLetIn(job: usize, slot: usize, brick: i32): void {
  letIn(job, slot, <usize>brick);
  atomic.notify(job + JOB_TAIL, 64);
}

/** Says that a claimed brick has no candidate. */
export function growthEmpty(job: usize, brick: i32): void {
  letIn(job, <usize>load<u32>(job, JOB_EMPTY), <usize>brick);
}

/**
 * Lets a claimed brick in whose voxels are lent: a thread looks at all of them first and then clears SLOT_LENT. False when as many
 * as fit are waiting.
 */
export function growthStage(job: usize, slot: usize, brick: i32): bool {
  const count = atomic.load<i32>(job + JOB_STAGED_COUNT);
  if (count - atomic.load<i32>(job + JOB_STAGED_NEXT) >= <i32>STAGED_MAX) return false;
  store<i32>(slot, brick + 1, SLOT_LENT);
  store<u32>(<usize>load<u32>(job, JOB_STAGED) + ((<usize>count & (STAGED_MAX - 1)) << 2), <u32>slot);
  atomic.store<i32>(job + JOB_STAGED_COUNT, count + 1);
  atomic.notify(job + JOB_TAIL, 64);
  return true;
}

/** Whether the voxels of a staged slot are still needed. */
export function growthLent(slot: usize): bool {
  return atomic.load<i32>(slot + SLOT_LENT) != 0;
}

/** Takes staged slots and finds all their candidates. */
export function thresholdStaged(job: usize): void {
  while (true) {
    const next = atomic.load<i32>(job + JOB_STAGED_NEXT);
    if (next == atomic.load<i32>(job + JOB_STAGED_COUNT)) return;
    const slot = <usize>load<u32>(<usize>load<u32>(job, JOB_STAGED) + ((<usize>next & (STAGED_MAX - 1)) << 2));
    if (atomic.cmpxchg<i32>(job + JOB_STAGED_NEXT, next, next + 1) != next) continue;
    for (let b: usize = 0; b < 64; b++) if (!isSeen(slot, b)) see(job, slot, b);
    const brick = <usize>(load<i32>(slot, SLOT_LENT) - 1);
    store<u32>(slot, 0, SLOT_VOXELS);
    atomic.store<i32>(slot + SLOT_LENT, 0);
    letIn(job, slot, brick);
    tellOwner(job);
  }
}

/** Clears what nobody has looked at, so that all 32 KiB of reached bits can be read; returns how many voxels are reached. */
export function growthFinish(slot: usize): i32 {
  let count: u64 = 0;
  for (let b: usize = 0; b < 64; b++) {
    const rows = slot + SLOT_REACHED + bitBrickOffset(b);
    const seen = isSeen(slot, b);
    for (let k: usize = 0; k < 8; k++) {
      const row = rows + k * 512;
      if (!seen) memory.fill(row, 0, 64);
      else for (let j: usize = 0; j < 64; j += 8) count += popcnt<u64>(load<u64>(row + j));
    }
  }
  return <i32>count;
}

/** Address of a slot's 32 KiB of reached bits. */
export function growthReached(slot: usize): usize {
  return slot + SLOT_REACHED;
}
