import type { VoxelChoice } from "../voxel-choice.ts";

export type { VoxelChoice } from "../voxel-choice.ts";

export interface ThresholdRequest extends VoxelChoice {
  /** Inclusive range of stored values. NaN voxels are never inside. */
  readonly range: { readonly low: number; readonly high: number };
  readonly segment: number;
}
