import type { Dims, IndexBox, VoxelArray } from "#volume";
import type { Connectivity } from "../kernels.api.ts";

/**
 * Region growing as plain breadth-first search over a flat volume, i fastest: what the kernel must equal voxel for voxel.
 * Returns 1 for every voxel reached.
 */
export function growReference(
  voxels: VoxelArray,
  dims: Dims,
  seeds: readonly Dims[],
  range: { readonly low: number; readonly high: number },
  connectivity: Connectivity,
  region: IndexBox = { min: [0, 0, 0], max: dims },
): Uint8Array {
  const reached = new Uint8Array(voxels.length);
  const queue: Dims[] = [];
  const visit = (i: number, j: number, k: number) => {
    if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) return;
    if (![i, j, k].every((n, axis) => n >= region.min[axis]! && n < region.max[axis]!)) return;
    const at = (k * dims[1] + j) * dims[0] + i;
    const value = voxels[at]!;
    if (reached[at] || !(value >= range.low && value <= range.high)) return;
    reached[at] = 1;
    queue.push([i, j, k]);
  };
  const steps = neighbourSteps(connectivity);
  for (const [i, j, k] of seeds) visit(i, j, k);
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const [di, dj, dk] of steps) visit(next[0] + di, next[1] + dj, next[2] + dk);
  }
  return reached;
}

/** Steps to the neighbours of a voxel: sharing a face (6), an edge too (18), a corner too (26). */
export function neighbourSteps(connectivity: Connectivity): Dims[] {
  const most = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3;
  const steps: Dims[] = [];
  for (let dk = -1; dk <= 1; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        const changed = Math.abs(di) + Math.abs(dj) + Math.abs(dk);
        if (changed > 0 && changed <= most) steps.push([di, dj, dk]);
      }
    }
  }
  return steps;
}
