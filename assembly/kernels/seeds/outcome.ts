import { CELL_KEYS, JOB_LABEL_BITS, JOB_LIMIT, JOB_SEGMENTS } from "../../memory/seeds";
import { rowInBrick } from "./drawn";
import { cellIn } from "./near";

/**
 * Writes the label that every reached voxel of a slot gets as 64³ u16, 0 elsewhere; at `told` the numbers of voxels reached and not
 * reached (i32), and the largest key of a reached one.
 */
export function takeOutcome(job: usize, slot: usize, labels: usize, told: usize): void {
  const limit = load<i32>(job, JOB_LIMIT);
  const mask = (1 << load<i32>(job, JOB_LABEL_BITS)) - 1;
  const segments = <usize>load<u32>(job, JOB_SEGMENTS);
  let reached = 0;
  let unreached = 0;
  let largest = 0;
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    for (let row: usize = 0; row < 1024; row++) {
      const keys = cell + CELL_KEYS + (row << 7);
      const to = labels + (rowInBrick(c, row) << 1);
      for (let n: usize = 0; n < 32; n++) {
        const key = load<i32>(keys + (n << 2));
        let label: u16 = 0;
        if (key >= 0) {
          if (key < limit) {
            label = load<u16>(segments + ((<usize>(key & mask)) << 1));
            reached++;
            largest = max<i32>(largest, key);
          } else unreached++;
        }
        store<u16>(to + (n << 1), label);
      }
    }
  }
  store<i32>(told, reached);
  store<i32>(told, unreached, 4);
  store<i32>(told, largest, 8);
}
