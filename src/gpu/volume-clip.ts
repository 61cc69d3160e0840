import type { Vec3 } from "#base";
import type { IndexBox, PointLps } from "#volume";

/** What of a volume is drawn by rays; absent parts cut nothing. */
export interface VolumeClip {
  /** Whole voxels at level 0. Along the voxel axes, so that its sides are straight on every plane, sheared stacks included. */
  readonly box?: IndexBox | undefined;
  /** Everything on the side that the normal (unit vector, LPS) points to is cut away. */
  readonly plane?: { readonly point: PointLps; readonly normal: Vec3 } | undefined;
}
