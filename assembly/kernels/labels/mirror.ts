/**
 * Where a voxel is taken from along an axis of `count` voxels on which the volume goes on mirrored beyond its border, the border's
 * voxel twice (… 2 1 0 0 1 2 …), as often as it takes.
 */
export function mirrored(n: i32, count: i32): i32 {
  if (n >= 0 && n < count) return n;
  let place = n % (2 * count);
  if (place < 0) place += 2 * count;
  return place < count ? place : 2 * count - 1 - place;
}
