import type { AbortOptions } from "#base";
import {
  BRICK_EDGE,
  type BrickAddress,
  type BrickSource,
  type Dims,
  type PyramidLevel,
  type VoxelArray,
  type VoxelType,
} from "#volume";
import { BlockMean } from "./zarr/block-mean.ts";

/** Voxels of a brick as means of those of the level before, whose bricks come from `finer`. Past the volume's edge they are zero. */
export async function halvedVoxels(
  levels: readonly PyramidLevel[],
  { frame, level, bi, bj, bk }: BrickAddress,
  voxelType: VoxelType,
  finer: BrickSource,
  options: AbortOptions,
): Promise<VoxelArray> {
  const below = levels[level - 1]!;
  const block = levels[level]!.factor.map((n, axis) => n / below.factor[axis]!) as unknown as Dims;
  const mean = new BlockMean(block);
  for (let k = bk * block[2]; k < Math.min((bk + 1) * block[2], below.bricks[2]); k++)
    for (let j = bj * block[1]; j < Math.min((bj + 1) * block[1], below.bricks[1]); j++)
      for (let i = bi * block[0]; i < Math.min((bi + 1) * block[0], below.bricks[0]); i++) {
        const brick = await finer.readBrick({ frame, level: level - 1, bi: i, bj: j, bk: k }, options);
        if (!brick) throw new Error("unreachable: a source of an image has all of its bricks");
        const first: Dims = [
          (i - bi * block[0]) * BRICK_EDGE,
          (j - bj * block[1]) * BRICK_EDGE,
          (k - bk * block[2]) * BRICK_EDGE,
        ];
        mean.add(brick.voxels, extentOf(below, [i, j, k]), first);
      }
  return mean.finish(voxelType);
}

/** Voxels of a brick that lie in the volume. */
export function extentOf({ dims }: PyramidLevel, at: Dims): Dims {
  return at.map((n, axis) => Math.min(BRICK_EDGE, dims[axis]! - n * BRICK_EDGE)) as unknown as Dims;
}

/** Smallest and largest of the first `extent` voxels of a brick, NaN where there is none but NaN. */
export function rangeOf(voxels: VoxelArray, extent: Dims): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < extent[2]; k++)
    for (let j = 0; j < extent[1]; j++) {
      const row = (k * BRICK_EDGE + j) * BRICK_EDGE;
      for (let n = row; n < row + extent[0]; n++) {
        const value = voxels[n]!;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  return min <= max ? { min, max } : { min: Number.NaN, max: Number.NaN };
}

/** Fills what lies past `extent` with the last voxel, as bricks do at the volume's edge. */
export function repeatEdges(voxels: VoxelArray, extent: Dims): void {
  const plane = BRICK_EDGE ** 2;
  for (let k = 0; k < extent[2]; k++) {
    for (let j = 0; j < extent[1]; j++) {
      const row = k * plane + j * BRICK_EDGE;
      voxels.fill(voxels[row + extent[0] - 1]!, row + extent[0], row + BRICK_EDGE);
    }
    const last = k * plane + (extent[1] - 1) * BRICK_EDGE;
    for (let j = extent[1]; j < BRICK_EDGE; j++) voxels.copyWithin(k * plane + j * BRICK_EDGE, last, last + BRICK_EDGE);
  }
  for (let k = extent[2]; k < BRICK_EDGE; k++) voxels.copyWithin(k * plane, (extent[2] - 1) * plane, extent[2] * plane);
}
