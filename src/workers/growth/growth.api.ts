import type { IndexBox, IndexIjk } from "#volume";
import type { Connectivity } from "../kernel-data.ts";

export interface GrowRequest {
  /** Whole voxel indices. Seeds whose value is outside the range grow nothing. */
  readonly seeds: readonly IndexIjk[];
  /** Inclusive range of stored values. NaN voxels are never inside. */
  readonly range: { readonly low: number; readonly high: number };
  readonly connectivity: Connectivity;
  /** Grow only inside this box. */
  readonly region?: IndexBox;
  readonly segment: number;
}
