import {
  FREE_LOW,
  FREE_MAX,
  JOB_DIRECTORY,
  JOB_EMPTY,
  JOB_EVENTS,
  JOB_FREE,
  JOB_FREE_HEAD,
  JOB_FREE_TAIL,
  JOB_I0,
  JOB_I1,
  JOB_J0,
  JOB_J1,
  JOB_K0,
  JOB_K1,
  JOB_NI,
  JOB_NJ,
  JOB_NK,
  JOB_PENDING,
  JOB_TABLE,
  JOB_TOUCHED,
  JOB_WANTED,
  JOB_WANTED_COUNT,
  JOB_WANTED_MASK,
  NONE_IN_RANGE,
  SLOT_CANDIDATES,
  SLOT_CLIP_I,
  SLOT_CLIP_J,
  SLOT_CLIP_K,
  SLOT_DIRTY,
  SLOT_HOW,
  SLOT_I,
  SLOT_J,
  SLOT_K,
  SLOT_NEIGHBOURS,
  SLOT_VOXELS,
} from "../../memory/growth";
import { oneBit } from "./rows";
import { push } from "./queue";

/*
 * How bricks come in while threads flood. A brick is published by its entry in the table; from then on marks go to its slot. A
 * thread that touches a brick first notes the bit-brick in `touched` and then looks at the table; whoever lets a brick in first
 * writes the table and then takes `touched`. One of the two sees the other, so no mark is lost.
 */

/** The table's value for a brick that somebody is letting in. */
const CLAIMED: u32 = 1;

export function tablePlace(job: usize, brick: usize): usize {
  return <usize>load<u32>(job, JOB_TABLE) + (brick << 2);
}

/** Tells the owner that there is something to look at. */
export function tellOwner(job: usize): void {
  atomic.add<i32>(job + JOB_EVENTS, 1);
  atomic.notify(job + JOB_EVENTS, 1);
}

/** Marks a bit-brick whose brick was not there when it was looked for: claims the brick, or marks the slot that is there now. */
export function touch(job: usize, brick: usize, b: usize): void {
  atomic.or<u64>(<usize>load<u32>(job, JOB_TOUCHED) + (brick << 3), oneBit(b));
  const place = tablePlace(job, brick);
  const entry = <usize>atomic.load<u32>(place);
  if (entry > <usize>CLAIMED) {
    wake(job, entry, brick);
    return;
  }
  if (entry == <usize>CLAIMED || atomic.cmpxchg<u32>(place, 0, CLAIMED) != 0) return;
  atomic.add<i32>(job + JOB_PENDING, 1);
  const at = <usize>load<u32>(job, JOB_DIRECTORY) + (brick << 3);
  const voxels = atomic.load<u32>(at);
  if (voxels != 0) {
    const how = load<i32>(at, 4);
    const slot = how == NONE_IN_RANGE ? <usize>load<u32>(job, JOB_EMPTY) : takeSlot(job);
    if (slot != 0) {
      if (how != NONE_IN_RANGE) prepareSlot(job, slot, brick, <usize>voxels, how);
      letIn(job, slot, brick);
      return;
    }
  }
  want(job, brick);
  tellOwner(job);
}

/** Puts a claimed brick on the list of those that the owner has to bring. */
export function want(job: usize, brick: usize): void {
  const n = <usize>(atomic.add<i32>(job + JOB_WANTED_COUNT, 1) & load<i32>(job, JOB_WANTED_MASK));
  atomic.store<u32>(<usize>load<u32>(job, JOB_WANTED) + (n << 2), <u32>brick + 1);
}

/** A slot of those that the owner laid out ahead; 0 when there is none. */
export function takeSlot(job: usize): usize {
  while (true) {
    const head = atomic.load<i32>(job + JOB_FREE_HEAD);
    const left = atomic.load<i32>(job + JOB_FREE_TAIL) - head;
    if (left == 0) return 0;
    const slot = <usize>load<u32>(<usize>load<u32>(job, JOB_FREE) + ((<usize>head & (FREE_MAX - 1)) << 2));
    if (atomic.cmpxchg<i32>(job + JOB_FREE_HEAD, head, head + 1) != head) continue;
    if (left == FREE_LOW) tellOwner(job);
    return slot;
  }
}

/** Makes memory of any content the slot of a brick. */
export function prepareSlot(job: usize, slot: usize, brick: usize, voxels: usize, how: i32): void {
  memory.fill(slot, 0, SLOT_CANDIDATES);
  const ni = load<i32>(job, JOB_NI);
  const nj = load<i32>(job, JOB_NJ);
  const bi = <i32>brick % ni;
  const row = <i32>brick / ni;
  store<i32>(slot, bi, SLOT_I);
  store<i32>(slot, row % nj, SLOT_J);
  store<i32>(slot, row / nj, SLOT_K);
  store<u32>(slot, <u32>voxels, SLOT_VOXELS);
  store<i32>(slot, how, SLOT_HOW);
  store<u64>(slot, bitsInside(load<i32>(job, JOB_I0), load<i32>(job, JOB_I1), bi), SLOT_CLIP_I);
  store<u64>(slot, bitsInside(load<i32>(job, JOB_J0), load<i32>(job, JOB_J1), row % nj), SLOT_CLIP_J);
  store<u64>(slot, bitsInside(load<i32>(job, JOB_K0), load<i32>(job, JOB_K1), row / nj), SLOT_CLIP_K);
}

/** Which of 64 voxels along an axis lie in the box. */
function bitsInside(box0: i32, box1: i32, brick: i32): u64 {
  const from = max(box0 - brick * 64, 0);
  const end = min(box1 - brick * 64, 64);
  if (end <= from) return 0;
  return (~(<u64>0) << (<u64>from)) & (~(<u64>0) >> <u64>(64 - end));
}

/** Publishes the slot of a claimed brick and queues what was marked before it was there. */
export function letIn(job: usize, slot: usize, brick: usize): void {
  link(job, slot, brick);
  wake(job, slot, brick);
  for (let b: usize = 0; b < 64; b++) if (atomic.load<u64>(slot + SLOT_DIRTY + (b << 3))) push(job, slot, b);
  if (atomic.sub<i32>(job + JOB_PENDING, 1) == 1) tellOwner(job);
}

/** Marks the touched bit-bricks of a brick that is there; which of their rows were meant is not known, so all are. */
function wake(job: usize, slot: usize, brick: usize): void {
  const touched = atomic.xchg<u64>(<usize>load<u32>(job, JOB_TOUCHED) + (brick << 3), 0);
  if (slot == <usize>load<u32>(job, JOB_EMPTY)) return;
  for (let rest = touched; rest; rest &= rest - 1) {
    const b = <usize>ctz<u64>(rest);
    atomic.store<u64>(slot + SLOT_DIRTY + (b << 3), ~(<u64>0));
    push(job, slot, b);
  }
}

/** Writes the table, then ties the slot and those around it that are there to one another. */
function link(job: usize, slot: usize, brick: usize): void {
  const empty = <usize>load<u32>(job, JOB_EMPTY);
  const ni = load<i32>(job, JOB_NI);
  const nj = load<i32>(job, JOB_NJ);
  const nk = load<i32>(job, JOB_NK);
  const bi = <i32>brick % ni;
  const bj = (<i32>brick / ni) % nj;
  const bk = <i32>brick / ni / nj;
  atomic.store<u32>(tablePlace(job, brick), <u32>slot);
  for (let d: usize = 0; d < 27; d++) {
    if (d == 13) continue;
    const i = bi + <i32>(d % 3) - 1;
    const j = bj + <i32>((d / 3) % 3) - 1;
    const k = bk + <i32>(d / 9) - 1;
    let other = empty;
    if (i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk) {
      other = <usize>atomic.load<u32>(tablePlace(job, <usize>((k * nj + j) * ni + i)));
    }
    if (other <= <usize>CLAIMED) continue;
    if (slot != empty) atomic.store<u32>(slot + SLOT_NEIGHBOURS + (d << 2), <u32>other);
    if (other != empty) atomic.store<u32>(other + SLOT_NEIGHBOURS + ((26 - d) << 2), <u32>slot);
  }
}
