import type { VoxelChoice } from "../voxel-choice.ts";

export interface HistogramRequest extends VoxelChoice {
  /**
   * Bins of equal width, from the least to the greatest finite voxel, that float32 voxels are counted in; 1,024 when absent. Whole
   * types are counted value by value, whatever is said here.
   */
  readonly bins?: number;
}
