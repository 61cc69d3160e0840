import type { SpacingMm } from "../kernel-data.ts";

/**
 * Grows or shrinks segments by a length. Lengths go from voxel centre to voxel centre; what is farther by less than a millionth
 * still counts as within.
 *
 * - Above 0 it grows: every voxel within `mm` of a segment gets its label, of several the nearest one's, at a tie the lower. Voxels
 *   of the chosen segments keep theirs.
 * - Below 0 it shrinks: every voxel of a segment within `-mm` of a voxel with another value, background or not, becomes background.
 *   What lies outside the volume is unknown and takes nothing away: a segment that ends at the border of the volume is not
 *   shrunk there.
 */
export interface MarginRequest {
  readonly spacingMm: SpacingMm;
  readonly mm: number;
  /** Label values; all that are present when absent. */
  readonly segments?: readonly number[];
}

/**
 * Leaves a shell of segments and takes the rest away. `inside` keeps the voxels within the thickness of a voxel with another
 * value; `outside` gives the label to voxels within the thickness of the segment, as growing does, and clears the segment;
 * `middle` does both by half the thickness. A segment that ends at the border of the volume has no shell there.
 */
export interface HollowRequest {
  readonly spacingMm: SpacingMm;
  readonly thicknessMm: number;
  readonly mode: "inside" | "outside" | "middle";
  readonly segments?: readonly number[];
}
