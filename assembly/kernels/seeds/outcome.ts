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
  const limits = i32x4.splat(limit);
  const none = i32x4.splat(0);
  // All that tells reached voxels of one rank from others.
  const bits = i32x4.splat(mask | <i32>0x80000000);
  let reached = 0;
  let unreached = 0;
  let largest = none;
  let rank = 0;
  let label: u16 = 0;
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    for (let row: usize = 0; row < 1024; row++) {
      const keys = cell + CELL_KEYS + (row << 7);
      const to = labels + (rowInBrick(c, row) << 1);
      for (let n: usize = 0; n < 32; n += 4) {
        const four = v128.load(keys + (n << 2));
        const near = i32x4.lt_s(four, limits);
        if (v128.any_true(near)) largest = i32x4.max_s(largest, v128.and(four, near));
        // Most are of the rank of the four before.
        if (i32x4.all_true(v128.and(near, i32x4.eq(v128.and(four, bits), i32x4.splat(rank))))) {
          v128.store64_lane(to + (n << 1), i16x8.splat(<i16>label), 0);
          reached += 4;
          continue;
        }
        if (i32x4.bitmask(four) == 15) {
          // Seeds and walls.
          v128.store64_lane(to + (n << 1), none, 0);
          continue;
        }
        for (let m = n; m < n + 4; m++) {
          const key = load<i32>(keys + (m << 2));
          let found: u16 = 0;
          if (key >= 0 && key < limit) {
            rank = key & mask;
            label = load<u16>(segments + ((<usize>rank) << 1));
            found = label;
            reached++;
          } else if (key >= 0) unreached++;
          store<u16>(to + (m << 1), found);
        }
      }
    }
  }
  largest = i32x4.max_s(largest, v128.shuffle<i32>(largest, largest, 2, 3, 0, 1));
  largest = i32x4.max_s(largest, v128.shuffle<i32>(largest, largest, 1, 0, 3, 2));
  store<i32>(told, reached);
  store<i32>(told, unreached, 4);
  store<i32>(told, i32x4.extract_lane(largest, 0), 8);
}
