import type { AbortOptions } from "#base";
import type { AreaValues } from "#export";
import type { PlaneShape } from "#labelmap";
import { axisAcrossPlane } from "#volume";
import { interpolatedValues } from "./interpolated-values.ts";
import { LevelZero, type ValueSource } from "./level-zero.ts";
import { sliceValues } from "./slice-values.ts";

/**
 * Values in a rectangle or ellipse. On a plane along the voxel axes these are the voxels of the nearest slice whose centres lie inside,
 * so that a number can be checked voxel by voxel; an oblique plane has no voxels of its own and is sampled.
 * Reads level 0 brick by brick; rejects with AbortError, or `storage` when a brick is not there.
 */
export async function areaValues(
  source: ValueSource,
  shape: PlaneShape,
  frame: number,
  options: AbortOptions = {},
): Promise<AreaValues> {
  const axis = axisAcrossPlane(source.grid, shape);
  const bricks = new LevelZero(source, frame, options);
  return axis === undefined
    ? interpolatedValues(source.grid, shape, bricks)
    : sliceValues(source.grid, shape, axis, bricks);
}
