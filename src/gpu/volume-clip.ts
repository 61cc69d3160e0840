import type { Vec3 } from "#base";
import type { IndexBox, PointLps } from "#volume";

/** A plane in patient space. */
export interface LpsPlane {
  readonly point: PointLps;
  /** Unit vector. */
  readonly normal: Vec3;
}

/** What of a volume is drawn by rays; absent parts cut nothing. */
export interface VolumeClip {
  /** Whole voxels at level 0. Along the voxel axes, so that its sides are straight on every plane, sheared stacks included. */
  readonly box?: IndexBox | undefined;
  /** Everything on the side that the normal points to is cut away. */
  readonly plane?: LpsPlane | undefined;
}
