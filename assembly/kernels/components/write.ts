import { BLOCK_PARENTS, BLOCK_SET, BLOCK_STARTS } from "../../memory/components";
import { setBits } from "../bricks/masks";
import { fillRun } from "../bricks/runs";

/* Writes what becomes of pieces. `labelOf` has a u32 for each piece. */

/** Leaves the voxels of a piece as they are. */
const KEEP: u32 = 0xffffffff;

/**
 * Writes a brick's change: a bit in `erased` for voxels whose piece gets 0, the new label (u16) in `labels` for those whose piece
 * gets another. Both are cleared first.
 */
export function componentsWrite(block: usize, labelOf: usize, erased: usize, labels: usize): void {
  memory.fill(erased, 0, 32768);
  memory.fill(labels, 0, 524288);
  let run = block + BLOCK_PARENTS;
  for (let row: usize = 0; row < 4096; row++) {
    const set = load<u64>(block + (row << 3), BLOCK_SET);
    const starts = load<u64>(block + (row << 3), BLOCK_STARTS);
    for (let rest = starts; rest; rest &= rest - 1, run += 4) {
      const label = load<u32>(labelOf + ((<usize>load<u32>(run)) << 2));
      if (label == KEEP) continue;
      const from = (row << 6) + <usize>ctz<u64>(rest);
      const end = (row << 6) + <usize>ctz<u64>((~set | starts) & ~(rest ^ (rest - 1)));
      if (label == 0) setBits(erased, from, end);
      else fillRun(labels + (from << 1), end - from, <u16>label);
    }
  }
}

/**
 * Gives the voxels of pieces whose size (f64 a piece) is not 0 the label `label`, where no smaller piece had them before; `sizes`
 * holds the size a voxel was given for (f64), 0 where none. Without `sizes` (0) nobody was before.
 */
export function componentsPaint(block: usize, sizeOf: usize, label: u16, labels: usize, sizes: usize): void {
  let run = block + BLOCK_PARENTS;
  for (let row: usize = 0; row < 4096; row++) {
    const set = load<u64>(block + (row << 3), BLOCK_SET);
    const starts = load<u64>(block + (row << 3), BLOCK_STARTS);
    for (let rest = starts; rest; rest &= rest - 1, run += 4) {
      const size = load<f64>(sizeOf + ((<usize>load<u32>(run)) << 3));
      if (size == 0) continue;
      const from = (row << 6) + <usize>ctz<u64>(rest);
      const end = (row << 6) + <usize>ctz<u64>((~set | starts) & ~(rest ^ (rest - 1)));
      if (sizes) paintSmaller(labels, sizes, from, end, label, size);
      else fillRun(labels + (from << 1), end - from, label);
    }
  }
}

function paintSmaller(labels: usize, sizes: usize, from: usize, end: usize, label: u16, size: f64): void {
  for (let n = from; n < end; n++) {
    const other = load<f64>(sizes + (n << 3));
    if (other != 0 && other <= size) continue;
    store<f64>(sizes + (n << 3), size);
    store<u16>(labels + (n << 1), label);
  }
}
