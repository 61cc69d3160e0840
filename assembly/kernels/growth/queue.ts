import { IDLE, JOB_HEAD, JOB_PENDING, JOB_QUEUE, JOB_QUEUE_MASK, JOB_TAIL, QUEUED, RUNNING } from "../../memory/growth";
import { RUNNING_AND_QUEUED, SLOT_STATE } from "../../memory/growth";

/*
 * The ring of bit-bricks that have dirty rows, shared by all threads. A bit-brick is in it at most once. An entry is written
 * only into an empty place and taken by an exchange, so a thread that is held up between claiming a place and using it can
 * delay others, never lose or double an entry; the order of entries does not matter to the result.
 */

/** Queues a bit-brick unless it is queued; one that runs is queued again by its runner. */
export function push(job: usize, slot: usize, b: usize): void {
  const state = slot + SLOT_STATE + (b << 2);
  while (true) {
    const seen = atomic.load<i32>(state);
    if (seen == QUEUED || seen == RUNNING_AND_QUEUED) return;
    if (seen == IDLE) {
      if (atomic.cmpxchg<i32>(state, IDLE, QUEUED) != IDLE) continue;
      atomic.add<i32>(job + JOB_PENDING, 1);
      append(job, <i32>(slot | b));
      return;
    }
    if (atomic.cmpxchg<i32>(state, RUNNING, RUNNING_AND_QUEUED) == RUNNING) return;
  }
}

/** Takes a bit-brick and marks it running; 0 when the ring is empty. */
export function pop(job: usize): usize {
  while (true) {
    const head = atomic.load<i32>(job + JOB_HEAD);
    if (head == atomic.load<i32>(job + JOB_TAIL)) return 0;
    if (atomic.cmpxchg<i32>(job + JOB_HEAD, head, head + 1) != head) continue;
    const place = placeOf(job, head);
    let entry = atomic.xchg<i32>(place, 0);
    while (entry == 0) entry = atomic.xchg<i32>(place, 0);
    const slot = <usize>entry & ~(<usize>63);
    atomic.store<i32>(slot + SLOT_STATE + ((<usize>entry & 63) << 2), RUNNING);
    return <usize>entry;
  }
}

/** Ends the run of a bit-brick; queues it again if it was marked meanwhile. Returns whether the job has nothing left to do. */
export function release(job: usize, slot: usize, b: usize): bool {
  const state = slot + SLOT_STATE + (b << 2);
  if (atomic.cmpxchg<i32>(state, RUNNING, IDLE) == RUNNING) return atomic.sub<i32>(job + JOB_PENDING, 1) == 1;
  atomic.store<i32>(state, QUEUED);
  append(job, <i32>(slot | b));
  return false;
}

function append(job: usize, entry: i32): void {
  const place = placeOf(job, atomic.add<i32>(job + JOB_TAIL, 1));
  while (atomic.cmpxchg<i32>(place, 0, entry) != 0) {
    // Its last entry is being taken.
  }
}

function placeOf(job: usize, index: i32): usize {
  return <usize>load<u32>(job, JOB_QUEUE) + ((<usize>(index & load<i32>(job, JOB_QUEUE_MASK))) << 2);
}
