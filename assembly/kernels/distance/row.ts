/* The first axis of a distance transform, on bits. */
import { nextClear, nextSet } from "../labels/bit-rows";

/**
 * Squared distances along a row of ni voxels to its nearest set bit, for `count` voxels from `start` on, which may lie outside the
 * row, as f32 at `to`; returns false, and writes nothing, where no bit is set. `squares` points to the middle of a table: the
 * entry d is the squared length of d steps, for every d between a voxel and a bit. Writes up to 12 bytes past the end.
 */
export function rowDistances(row: usize, ni: i32, start: i32, count: i32, squares: usize, to: usize): bool {
  let site = nextSet(row, 0, ni);
  if (site == ni) return false;
  const end = start + count;
  let at = start;
  while (true) {
    at = ramp(squares, site, at, min(site, end), start, to);
    const gap = nextClear(row, site, ni);
    at = zeros(at, min(gap, end), start, to);
    if (at >= end) return true;
    const next = nextSet(row, gap, ni);
    if (next == ni) {
      ramp(squares, gap - 1, at, end, start, to);
      return true;
    }
    // The nearer half of the gap belongs to the run before it.
    at = ramp(squares, gap - 1, at, min((gap + next) >> 1, end), start, to);
    site = next;
  }
}

/** Voxels `at` to `end` get their squared distance to `site`; returns where it ended. */
function ramp(squares: usize, site: i32, at: i32, end: i32, start: i32, to: usize): i32 {
  if (at >= end) return at;
  let from = squares + ((<usize>(at - site)) << 2);
  let target = to + ((<usize>(at - start)) << 2);
  const stop = to + ((<usize>(end - start)) << 2);
  for (; target < stop; target += 16, from += 16) v128.store(target, v128.load(from));
  return end;
}

function zeros(at: i32, end: i32, start: i32, to: usize): i32 {
  if (at >= end) return at;
  let target = to + ((<usize>(at - start)) << 2);
  const stop = to + ((<usize>(end - start)) << 2);
  for (; target < stop; target += 16) v128.store(target, i64x2.splat(0));
  return end;
}
