import type { Affine, Vec3 } from "#base";
import type { TaskContext } from "../crew/task.ts";
import { diameterOf, type Points } from "./diameter.ts";
import { hullCandidates } from "./hull-filter.ts";

export interface ExtentRequest {
  readonly indexToLps: Affine;
  readonly segments: readonly {
    /** Voxels among which are all corners of the convex hull, packed, in any order. */
    readonly positions: Float64Array;
    readonly centroidIjk: Vec3;
    readonly axes: readonly [Vec3, Vec3, Vec3];
  }[];
}

/** How far a segment's voxel centres reach. */
export interface Extent {
  readonly feretMm: number;
  /** Smallest and largest distance from the centroid along each axis. */
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Diameters and extents along axes of segments, in the order of the request. */
export async function extentsOfSegments(
  { pacer }: TaskContext,
  { indexToLps, segments }: ExtentRequest,
): Promise<Extent[]> {
  const extents: Extent[] = [];
  for (const [n, { positions, centroidIjk, axes }] of segments.entries()) {
    await pacer.pause(n / segments.length, "Measuring diameters");
    const points = aroundCentroid(positions, centroidIjk, indexToLps);
    const ends = axes.map((axis) => endsAlong(points, axis));
    const pick = (end: 0 | 1): Vec3 => [ends[0]![end], ends[1]![end], ends[2]![end]];
    extents.push({ feretMm: await diameterOf(points, pacer), low: pick(0), high: pick(1) });
  }
  return extents;
}

/** Candidates for corners of the hull in LPS millimetres from the centroid. */
function aroundCentroid(positions: Float64Array, centroid: Vec3, indexToLps: Affine): Points {
  const { low, middle, high } = hullCandidates(positions);
  const m = indexToLps;
  const points = { x: new Float64Array(low.length), y: new Float64Array(low.length), z: new Float64Array(low.length) };
  for (let n = 0; n < low.length; n++) {
    const i = low[n]! - centroid[0];
    const j = middle[n]! - centroid[1];
    const k = high[n]! - centroid[2];
    points.x[n] = m[0] * i + m[1] * j + m[2] * k;
    points.y[n] = m[4] * i + m[5] * j + m[6] * k;
    points.z[n] = m[8] * i + m[9] * j + m[10] * k;
  }
  return points;
}

function endsAlong({ x, y, z }: Points, axis: Vec3): [number, number] {
  let low = 0;
  let high = 0;
  for (let n = 0; n < x.length; n++) {
    const along = axis[0] * x[n]! + axis[1] * y[n]! + axis[2] * z[n]!;
    if (along < low) low = along;
    if (along > high) high = along;
  }
  return [low, high];
}
