import type { Dims, IndexBox, VoxelArray } from "#volume";
import type { Connectivity } from "../kernel-data.ts";

/**
 * Region growing as a plain search over a flat volume, i fastest: what the kernel must equal voxel for voxel.
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
  const stack: number[] = [];
  const [ni, nj] = dims;
  const { min, max } = region;
  const visit = (i: number, j: number, k: number) => {
    if (i < 0 || j < 0 || k < 0 || i >= ni || j >= nj || k >= dims[2]) return;
    if (i < min[0] || j < min[1] || k < min[2] || i >= max[0] || j >= max[1] || k >= max[2]) return;
    const at = (k * nj + j) * ni + i;
    const value = voxels[at]!;
    if (reached[at] !== 0 || !(value >= range.low && value <= range.high)) return;
    reached[at] = 1;
    stack.push(at);
  };
  const steps = neighbourSteps(connectivity);
  for (const [i, j, k] of seeds) visit(i, j, k);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const i = at % ni;
    const row = (at - i) / ni;
    const j = row % nj;
    for (const step of steps) visit(i + step[0], j + step[1], (row - j) / nj + step[2]);
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
