import { STEP_BITS } from "../../memory/seeds";

/* What steps between single voxels cost. */

/** Differences of values above this cost more than any path may. */
export function cutOf(shift: i32): i32 {
  return shift <= STEP_BITS - 16 ? 0xffff : 1 << (STEP_BITS - shift);
}

/** Keys added by the difference between two voxels' values. */
export function stepBetween(a: usize, b: usize, shift: i32, cut: i32): i32 {
  const difference = abs<i32>(<i32>load<u16>(a) - <i32>load<u16>(b));
  return min<i32>(difference, cut) << shift;
}

/** Offers one source to the voxel whose key is at `key`; whether it sank. */
export function offerVoxel(source: i32, from: usize, key: usize, to: usize, shift: i32, cut: i32): bool {
  const candidate = source + stepBetween(from, to, shift, cut);
  if (candidate >= load<i32>(key)) return false;
  store<i32>(key, candidate);
  return true;
}
