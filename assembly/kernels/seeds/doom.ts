import { CELL_DIRTY, CELL_DOOMED, CELL_KEYS, CELL_TOUCHED, CELL_VALUES, JOB_LIMIT } from "../../memory/seeds";
import { JOB_SHIFT, JOB_STEPS, JOB_WIDE } from "../../memory/seeds";
import { doom, isDoomed } from "./contact";
import { makeDirty, makeVoxelDirty, moved } from "./lines";
import { cutOf, stepBetween } from "./steps";

/*
 * When a seed goes, so do the paths that began there. A voxel is doomed when its key is exactly a doomed neighbour's key and the step
 * between them: its path may have come from there. That dooms every voxel whose path is gone, and some at ties whose is not;
 * doomed voxels are then computed anew, so the more does no harm. Keys stay as they are until all are found.
 */

/** Dooms what hangs on the doomed voxels of dirty lines, within the cell. Returns how many voxels were doomed. */
export function doomCell(job: usize, cell: usize): i32 {
  const shift = load<i32>(job, JOB_SHIFT);
  const cut = cutOf(shift);
  const wide = load<i32>(job, JOB_WIDE) != 0;
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
        store<u64>(dirty, load<u64>(dirty) & ~((<u64>1) << (<u64>line)));
        store<u64>(touched, load<u64>(touched) | ((<u64>1) << (<u64>line)));
        let rest = <u32>load<u16>(cell + CELL_DOOMED + (k << 7) + (line << 1));
        for (; rest; rest &= rest - 1) {
          const i = <i32>((line & 1) * 16) + ctz<i32>(rest);
          count += doomAround(job, cell, i, <i32>(line >> 1), <i32>k, shift, cut, wide);
        }
      }
    }
  }
  return count;
}

function doomAround(job: usize, cell: usize, i: i32, j: i32, k: i32, shift: i32, cut: i32, wide: bool): i32 {
  const voxel = <usize>((k * 32 + j) * 32 + i);
  const source = load<i32>(cell + CELL_KEYS + (voxel << 2)) & 0x7fffffff;
  const value = cell + CELL_VALUES + (voxel << 1);
  let count = 0;
  for (let dk = -1; dk <= 1; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        const apart = di * di + dj * dj + dk * dk;
        if (apart == 0 || (apart > 1 && !wide)) continue;
        const a = i + di;
        const b = j + dj;
        const c = k + dk;
        if ((a | b | c) < 0 || a > 31 || b > 31 || c > 31) continue;
        const other = <usize>((c * 32 + b) * 32 + a);
        const step = load<i32>(job + <usize>((dk + 1) * 9 + (dj + 1) * 3 + di + 1) * 4, JOB_STEPS);
        const candidate = source + step + stepBetween(value, cell + CELL_VALUES + (other << 1), shift, cut);
        if (load<i32>(cell + CELL_KEYS + (other << 2)) != candidate || isDoomed(cell, other)) continue;
        doom(cell, other);
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
