import { CELL_DIRTY } from "../../memory/seeds";

/* Lines of a cell as sets: line 2j + half of plane k is that bit of word k. */

/** A set of lines moved up by `n`. */
export function moved(lines: u64, n: usize): u64 {
  return lines << (<u64>n);
}

/** Adds lines of plane k to those that have something to pass on. */
export function makeDirty(cell: usize, k: usize, lines: u64): void {
  const word = cell + CELL_DIRTY + (k << 3);
  store<u64>(word, load<u64>(word) | lines);
}

/** The same for the line of a voxel, numbered i fastest. */
export function makeVoxelDirty(cell: usize, voxel: usize): void {
  makeDirty(cell, voxel >> 10, moved(1, (voxel >> 4) & 63));
}
