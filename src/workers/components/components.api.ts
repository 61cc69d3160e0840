import type { IndexBox, IndexIjk } from "#volume";
import type { Connectivity } from "../kernel-data.ts";

export interface ComponentsRequest {
  /** Segments looked at; all when absent. */
  readonly segments?: readonly number[];
  readonly connectivity: Connectivity;
  /** Rows of the largest so many of each segment; of all when absent. */
  readonly most?: number;
  /** Rows of components of so many voxels and more; of all when absent. */
  readonly leastVoxels?: number;
}

/** One connected component of a segment. */
export interface ComponentRow {
  readonly segment: number;
  /** 1, 2, 3, … within the segment: by voxels descending; of equal ones by the first voxel. */
  readonly number: number;
  readonly voxels: number;
  /** The first of its voxels in the order of i, then j, then k. */
  readonly firstVoxel: IndexIjk;
  readonly box: IndexBox;
}

/** All components of a segment together, those without a row too. */
export interface SegmentComponents {
  readonly segment: number;
  readonly components: number;
  readonly voxels: number;
}

export interface Components {
  /** By ascending segment and number. */
  readonly rows: readonly ComponentRow[];
  /** By ascending segment; those that have voxels. */
  readonly segments: readonly SegmentComponents[];
}
