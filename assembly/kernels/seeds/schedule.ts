import { CELL_DIRTY, CELL_KEYS, CELL_TOUCHED, FAR, IDLE } from "../../memory/seeds";
import { JOB_BUSY, JOB_DOOMED, JOB_LIMIT, JOB_MARKS, JOB_NI, JOB_NJ, JOB_NK } from "../../memory/seeds";
import { JOB_PRIORITY, JOB_RUNNING, JOB_SHIFT, JOB_STEPS, JOB_WAITING, JOB_WIDE } from "../../memory/seeds";
import { SLOT_CHANGED, SLOT_DOOMED } from "../../memory/seeds";
import { contact, DOOM, PROBE, PULL, smallestToward } from "./contact";
import { doomCell } from "./doom";
import { axisOf, cellBeside, cellIn, entryOf, findNear, isFace } from "./near";
import { probePlane, pullPlane } from "./planes";
import { relaxCell } from "./relax";
import { probeRows, pullRows } from "./six";

/*
 * Cells in the order of the smallest key that waits in them, so that a cell is seldom run before costs that matter have come to it.
 * The order and the number of threads change how often cells are run, never the result: keys only sink, and the least solution
 * is one.
 */

/** Cells of the box. */
export function cellCount(job: usize): i32 {
  return 8 * load<i32>(job, JOB_NI) * load<i32>(job, JOB_NJ) * load<i32>(job, JOB_NK);
}

function place(job: usize, field: usize, cell: i32): usize {
  return <usize>load<u32>(job + field) + ((<usize>cell) << 2);
}

function sink(at: usize, key: i32): void {
  let seen = atomic.load<i32>(at);
  while (key < seen) {
    const was = atomic.cmpxchg<i32>(at, seen, key);
    if (was == seen) return;
    seen = was;
  }
}

/** Lets a cell know that the one in direction `d` of it has news, the smallest of which would give it `key`. */
export function mark(job: usize, cell: i32, d: i32, key: i32): void {
  atomic.or<u32>(place(job, JOB_MARKS, cell), (<u32>1) << d);
  wait(job, cell, key);
}

/** Puts a cell in turn. */
export function wait(job: usize, cell: i32, key: i32): void {
  const entry = entryOf(job, cell);
  sink(place(job, entry != 0 && (entry & 1) == 0 ? JOB_PRIORITY : JOB_WAITING, cell), key);
}

/** Takes the waiting cell with the smallest key in hand; −1 when none waits that is not in hand already. */
export function claim(job: usize): i32 {
  const count = cellCount(job);
  const priority = <usize>load<u32>(job, JOB_PRIORITY);
  while (true) {
    let best = IDLE;
    let cell = -1;
    for (let n = 0; n < count; n += 8) {
      // Eight cells of a brick: most are idle.
      const at = priority + ((<usize>n) << 2);
      const least = i32x4.min_s(v128.load(at), v128.load(at, 16));
      if (!v128.any_true(i32x4.lt_s(least, i32x4.splat(best)))) continue;
      for (let m = n; m < n + 8; m++) {
        const key = atomic.load<i32>(priority + ((<usize>m) << 2));
        if (key >= best || atomic.load<i32>(place(job, JOB_BUSY, m)) != 0) continue;
        best = key;
        cell = m;
      }
    }
    if (cell < 0) return -1;
    if (atomic.cmpxchg<i32>(place(job, JOB_BUSY, cell), 0, 1) != 0) continue;
    atomic.add<i32>(job + JOB_RUNNING, 1);
    if (atomic.xchg<i32>(priority + ((<usize>cell) << 2), IDLE) != IDLE) return cell;
    release(job, cell);
  }
}

/** Lets go of a cell. */
export function release(job: usize, cell: i32): void {
  atomic.store<i32>(place(job, JOB_BUSY, cell), 0);
  atomic.sub<i32>(job + JOB_RUNNING, 1);
}

/** Runs a cell in hand: takes over what is new around it, relaxes it (or dooms what hangs on the doomed), and tells those around. */
export function runCell(job: usize, cell: i32, scratch: usize, dooming: bool): void {
  const slot = entryOf(job, cell);
  const at = cellIn(slot, cell);
  const marks = atomic.xchg<u32>(place(job, JOB_MARKS, cell), 0);
  if (dooming) {
    const count = pullFrom(job, cell, at, marks, scratch, DOOM) + doomCell(job, at, scratch);
    if (count > 0) atomic.store<i32>(slot + SLOT_DOOMED, 1);
    atomic.add<i32>(job + JOB_DOOMED, count);
  } else {
    pullFrom(job, cell, at, marks, scratch, PULL);
    if (relaxCell(job, at, scratch)) atomic.store<i32>(slot + SLOT_CHANGED, 1);
  }
  tell(job, cell, at, scratch, dooming);
  memory.fill(at + CELL_TOUCHED, 0, 256);
}

/** Takes over what the cells in the directions `marks` offer; returns the voxels that are known to have changed. */
export function pullFrom(job: usize, cell: i32, at: usize, marks: u32, scratch: usize, what: i32): i32 {
  let count = 0;
  for (let rest = marks; rest; rest &= rest - 1) {
    const d = <i32>ctz<u32>(rest);
    const other = cellBeside(job, cell, d);
    if (other < 0 || !findNear(job, other, d, scratch)) continue;
    if (what == PULL && rowsMeet(job, d)) {
      const shift = load<i32>(job, JOB_SHIFT);
      const step = load<i32>(job + ((<usize>d) << 2), JOB_STEPS);
      pullRows(at, scratch, axisOf(d), d > 13, step, shift);
    } else if (what == PULL && isFace(d)) pullPlane(job, at, d, scratch);
    else count += contact(job, at, d, scratch, what);
  }
  return count;
}

function tell(job: usize, cell: i32, at: usize, scratch: usize, dooming: bool): void {
  const wide = load<i32>(job, JOB_WIDE) != 0;
  const limit = load<i32>(job, JOB_LIMIT);
  for (let d = 0; d < 27; d++) {
    if (!wide && !isFace(d)) continue;
    const other = d == 13 ? -1 : cellBeside(job, cell, d);
    if (other < 0) continue;
    let key: i32;
    if (dooming || !findNear(job, other, d, scratch)) {
      if (dooming && entryOf(job, other) == 0) continue;
      key = smallestToward(at, d);
    } else if (rowsMeet(job, d)) {
      const shift = load<i32>(job, JOB_SHIFT);
      const step = load<i32>(job + ((<usize>d) << 2), JOB_STEPS);
      key = probeRows(at, scratch, axisOf(d), d > 13, step, shift);
    } else key = isFace(d) ? probePlane(job, at, d, scratch) : contact(job, at, d, scratch, PROBE);
    if (key < limit) mark(job, other, 26 - d, key);
  }
}

/** Whether whole rows meet in a direction, and nothing else does. */
function rowsMeet(job: usize, d: i32): bool {
  return load<i32>(job, JOB_WIDE) == 0 && d != 12 && d != 14;
}

/** The smallest key in dirty lines, as a source; FAR when none is dirty. */
export function smallestDirty(cell: usize): i32 {
  let best = FAR;
  for (let k: usize = 0; k < 32; k++) {
    for (let rest = load<u64>(cell + CELL_DIRTY + (k << 3)); rest; rest &= rest - 1) {
      const keys = cell + CELL_KEYS + (k << 12) + ((<usize>ctz<u64>(rest)) << 6);
      for (let i: usize = 0; i < 64; i += 4) best = min<i32>(best, load<i32>(keys + i) & 0x7fffffff);
    }
  }
  return best;
}
