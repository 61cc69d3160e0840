import type { Connectivity } from "../kernel-data.ts";

export interface HolesRequest {
  /** Segments whose holes are filled; all when absent. */
  readonly segments?: readonly number[];
  /** Looks at slices across this axis, each by itself; at the volume when absent. */
  readonly axis?: 0 | 1 | 2;
  /**
   * Neighbours by which a segment hangs together. What is not of it hangs together by the dual ones, so that neither leaks through
   * the other: 6 for 18 and 26, 26 for 6; in slices 4 for 18 and 26, which are 8 there, and 8 for 6, which are 4.
   */
  readonly connectivity: Connectivity;
  /** Holes of more voxels stay; all are filled when absent. */
  readonly mostVoxels?: number;
}
