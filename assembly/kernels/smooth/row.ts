/* The first axis of a smoothing, on bits. */
import { nextClear, nextSet } from "../labels/bit-rows";

/**
 * A row of ni bits under a kernel, for `count` voxels from `start` on, which may lie outside the row, as u16 at `to`. A run of set
 * bits gives the step at its begin less the step at its end; `steps` points to the middle of the table of steps, which are 0
 * farther than `radius` before and the kernel's sum from `radius` on. Writes up to 14 bytes past the end.
 */
export function smoothRow(row: usize, ni: i32, start: i32, count: i32, radius: i32, steps: usize, to: usize): void {
  const bytes = (<usize>count) << 1;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, i64x2.splat(0));
  const last = start + count;
  let begin = nextSet(row, 0, ni);
  while (begin < ni) {
    const end = nextClear(row, begin, ni);
    const first = max(start, begin - radius);
    const stop = min(last, end + radius);
    let up = steps + ((<usize>(first - begin)) << 1);
    let down = steps + ((<usize>(first - end)) << 1);
    let target = to + ((<usize>(first - start)) << 1);
    for (let i = first; i < stop; i += 8, up += 16, down += 16, target += 16) {
      const gain = i16x8.sub(v128.load(up), v128.load(down));
      v128.store(target, i16x8.add(v128.load(target), gain));
    }
    begin = nextSet(row, end, ni);
  }
}
