import { CELL_DIRTY, CELL_DOOMED, CELL_KEYS, CELL_TOUCHED, CELL_VALUES, JOB_LIMIT } from "../../memory/seeds";
import { SCRATCH_PENDING } from "../../memory/seeds";
import { JOB_SHIFT, JOB_STEPS, JOB_WIDE } from "../../memory/seeds";
import { doom, isDoomed } from "./contact";
import { makeDirty, makeVoxelDirty, moved } from "./lines";
import { cutOf, stepBetween } from "./steps";

/*
 * When a seed goes, so do the paths that began there. A voxel is doomed when its key is exactly a doomed neighbour's key and the step
 * between them: its path may have come from there. That dooms every voxel whose path is gone, and some at ties whose is not;
 * doomed voxels are then computed anew, so the more does no harm. Keys stay as they are until all are found.
 */

/**
 * Dooms what hangs on the doomed voxels of dirty lines, within the cell. Returns how many voxels were doomed. Scratch holds the voxels
 * that were not looked at yet, 16 bits a line, so that each is looked at once.
 */
export function doomCell(job: usize, cell: usize, scratch: usize): i32 {
  const shift = load<i32>(job, JOB_SHIFT);
  const cut = cutOf(shift);
  const wide = load<i32>(job, JOB_WIDE) != 0;
  const pending = scratch + SCRATCH_PENDING;
  for (let k: usize = 0; k < 32; k++) {
    for (let rest = load<u64>(cell + CELL_DIRTY + (k << 3)); rest; rest &= rest - 1) {
      const line = (k << 7) + ((<usize>ctz<u64>(rest)) << 1);
      store<u16>(pending + line, load<u16>(cell + CELL_DOOMED + line));
    }
  }
  let count = 0;
  let more = true;
  while (more) {
    more = false;
    for (let k: usize = 0; k < 32; k++) {
      const dirty = cell + CELL_DIRTY + (k << 3);
      const touched = cell + CELL_TOUCHED + (k << 3);
      while (load<u64>(dirty)) {
        more = true;
        const line = <usize>ctz<u64>(load<u64>(dirty));
        store<u64>(dirty, load<u64>(dirty) & ~moved(1, line));
        store<u64>(touched, load<u64>(touched) | moved(1, line));
        const at = pending + (k << 7) + (line << 1);
        let rest = <u32>load<u16>(at);
        store<u16>(at, 0);
        for (; rest; rest &= rest - 1) {
          const i = <i32>((line & 1) * 16) + ctz<i32>(rest);
          count += doomAround(job, cell, pending, i, <i32>(line >> 1), <i32>k, shift, cut, wide);
        }
      }
    }
  }
  return count;
}

function doomAround(
  job: usize,
  cell: usize,
  pending: usize,
  i: i32,
  j: i32,
  k: i32,
  shift: i32,
  cut: i32,
  wide: bool,
): i32 {
  const voxel = <usize>((k * 32 + j) * 32 + i);
  const source = load<i32>(cell + CELL_KEYS + (voxel << 2)) & 0x7fffffff;
  const value = cell + CELL_VALUES + (voxel << 1);
  let count = 0;
  for (let dk = k > 0 ? -1 : 0; dk <= (k < 31 ? 1 : 0); dk++) {
    for (let dj = j > 0 ? -1 : 0; dj <= (j < 31 ? 1 : 0); dj++) {
      if (dj != 0 && dk != 0 && !wide) continue;
      const straight = wide || (dj == 0 && dk == 0);
      const steps = job + <usize>((dk + 1) * 9 + (dj + 1) * 3 + 1) * 4;
      for (let di = straight && i > 0 ? -1 : 0; di <= (straight && i < 31 ? 1 : 0); di++) {
        const apart = (dk * 32 + dj) * 32 + di;
        if (apart == 0) continue;
        const other = voxel + <usize>apart;
        const key = load<i32>(cell + CELL_KEYS + (other << 2));
        // Fixed voxels and those of smaller keys hang on nothing here.
        if (key < source) continue;
        const step = load<i32>(steps + <usize>(di * 4), JOB_STEPS);
        if (key != source + step + stepBetween(value, value + <usize>(apart * 2), shift, cut)) continue;
        if (isDoomed(cell, other)) continue;
        doom(cell, other);
        doom(pending - CELL_DOOMED, other);
        makeVoxelDirty(cell, other);
        count++;
      }
    }
  }
  return count;
}

/**
 * Makes doomed voxels unreached and their lines, and those around them, dirty. Fixed voxels are left: what is drawn there says what
 * they become. Whether there was any.
 */
export function resetDoomed(job: usize, cell: usize): bool {
  const limit = load<i32>(job, JOB_LIMIT);
  let any = false;
  for (let line: usize = 0; line < 2048; line++) {
    const bits = load<u16>(cell + CELL_DOOMED + (line << 1));
    if (bits == 0) continue;
    any = true;
    for (let rest = <u32>bits; rest; rest &= rest - 1) {
      const key = cell + CELL_KEYS + (line << 6) + ((<usize>ctz<u32>(rest)) << 2);
      if (load<i32>(key) >= 0) store<i32>(key, limit);
    }
    store<u16>(cell + CELL_DOOMED + (line << 1), 0);
    markAround(cell, line);
  }
  return any;
}

/** Makes a line and those around it in the cell dirty. */
export function markAround(cell: usize, line: usize): void {
  const k = line >> 6;
  const row = (line >> 1) & 31;
  let rows = moved(3, 2 * row);
  if (row > 0) rows |= moved(3, 2 * row - 2);
  if (row < 31) rows |= moved(3, 2 * row + 2);
  for (let n = k > 0 ? k - 1 : 0; n <= (k < 31 ? k + 1 : 31); n++) makeDirty(cell, n, rows);
}
