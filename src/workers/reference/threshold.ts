import type { Dims, IndexBox, VoxelArray } from "#volume";

/** 1 for every voxel of a flat volume that is in the range (both ends inside), in the box, and where `inside` is not 0. */
export function thresholdReference(
  voxels: VoxelArray,
  dims: Dims,
  range: { readonly low: number; readonly high: number },
  region: IndexBox = { min: [0, 0, 0], max: dims },
  inside?: ArrayLike<number>,
): Uint8Array {
  const { min, max } = region;
  const mask = new Uint8Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    const i = n % dims[0];
    const row = (n - i) / dims[0];
    const [j, k] = [row % dims[1], Math.floor(row / dims[1])];
    if (i < min[0] || j < min[1] || k < min[2] || i >= max[0] || j >= max[1] || k >= max[2]) continue;
    if (inside && inside[n] === 0) continue;
    if (voxels[n]! >= range.low && voxels[n]! <= range.high) mask[n] = 1;
  }
  return mask;
}
