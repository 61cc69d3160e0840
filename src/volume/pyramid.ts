import { BRICK_EDGE, BRICK_VOXELS, brickDims } from "./brick.ts";
import type { Dims } from "./image-grid.ts";
import type { VolumeDescription } from "./volume-description.ts";
import { bytesPerVoxel } from "./voxel-type.ts";

/**
 * Levels of a volume: level 0 is the volume; each next halves (rounding up) every axis that is still above one brick; the last
 * level is one brick. A voxel of level l covers `factor` voxels of level 0 along each axis.
 */
export interface PyramidLevel {
  readonly level: number;
  readonly dims: Dims;
  readonly bricks: Dims;
  /** Level-0 voxels per voxel of this level along each axis: a power of two. */
  readonly factor: Dims;
}

export function pyramidLevels(dims: Dims): PyramidLevel[] {
  const levels: PyramidLevel[] = [{ level: 0, dims, bricks: brickDims(dims), factor: [1, 1, 1] }];
  for (let last = levels[0]!; last.dims.some((n) => n > BRICK_EDGE); last = levels.at(-1)!) {
    const halve = last.dims.map((n) => n > BRICK_EDGE);
    const next = last.dims.map((n, axis) => (halve[axis] ? Math.ceil(n / 2) : n)) as unknown as Dims;
    const factor = last.factor.map((n, axis) => (halve[axis] ? n * 2 : n)) as unknown as Dims;
    levels.push({ level: last.level + 1, dims: next, bricks: brickDims(next), factor });
  }
  return levels;
}

/** Bytes of all bricks of a volume, with their padding. */
export function storedBytes({
  grid,
  voxelType,
  frames,
}: Pick<VolumeDescription, "grid" | "voxelType" | "frames">): number {
  const bricks = pyramidLevels(grid.dims).reduce(
    (sum, level) => sum + level.bricks[0] * level.bricks[1] * level.bricks[2],
    0,
  );
  return bricks * BRICK_VOXELS * bytesPerVoxel(voxelType) * frames;
}

/**
 * Index at level 0 of a continuous index at a level: voxel centres of a level lie in the middle of the voxels they cover.
 * `index0 = (indexL + 0.5) · factor − 0.5`.
 */
export function levelToBaseIndex(index: number, factor: number): number {
  return (index + 0.5) * factor - 0.5;
}

/** The inverse of `levelToBaseIndex`. */
export function baseToLevelIndex(index: number, factor: number): number {
  return (index + 0.5) / factor - 0.5;
}
