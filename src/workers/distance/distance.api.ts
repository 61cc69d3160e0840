import type { IndexBox } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";

/**
 * What distances are asked for. They go from voxel centre to voxel centre, along axes at right angles, and are exact: the f32 nearest
 * to the true one, but for a few parts in ten million. What lies outside the volume is unknown: no distance ends there.
 *
 * - `unsigned`: to the nearest voxel of the segments; 0 in them.
 * - `signed`: outside the segments that distance; in them minus the distance to the nearest voxel that is in none of them. No
 *   voxel is 0: values jump from minus to plus one spacing between two voxels.
 * - `many`: for every voxel of the segments, the distance to the nearest voxel with another value, background counting as one; 0
 *   elsewhere.
 */
export interface DistanceRequest {
  readonly mode: "unsigned" | "signed" | "many";
  readonly spacingMm: SpacingMm;
  /** Label values, together; all that are present when absent. */
  readonly segments?: readonly number[];
  /** Voxels wanted; the whole volume when absent. Labels outside the box count. */
  readonly box?: IndexBox;
  /** Larger distances become this one, with their sign; only labels as near as that are read. */
  readonly maxMm?: number;
}

/** Distances in millimetres, i fastest. Infinity, with its sign, where there is nothing that a distance could end at. */
export interface DistanceField {
  readonly box: IndexBox;
  readonly values: Float32Array<ArrayBuffer>;
}
