import type { Vec3 } from "#base";
import { linearAt, type MemoryVolume } from "./volumes.ts";

/** Direction of the gradient in LPS by central differences over one voxel, shorter at the volume's faces. */
export function raySpaceGradient({ grid, voxels }: MemoryVolume, at: Vec3): Vec3 {
  const slopes = [0, 1, 2].map((axis) => {
    const ahead = [...at] as [number, number, number];
    const behind = [...at] as [number, number, number];
    ahead[axis] = Math.min(Math.max(at[axis]! + 1, 0), grid.dims[axis]! - 1);
    behind[axis] = Math.min(Math.max(at[axis]! - 1, 0), grid.dims[axis]! - 1);
    const rise = linearAt(voxels, grid.dims, ahead) - linearAt(voxels, grid.dims, behind);
    return rise / Math.max(ahead[axis]! - behind[axis]!, 1e-3);
  });
  const m = grid.lpsToIndex;
  return [0, 1, 2].map(
    (column) => slopes[0]! * m[column]! + slopes[1]! * m[4 + column]! + slopes[2]! * m[8 + column]!,
  ) as unknown as Vec3;
}
