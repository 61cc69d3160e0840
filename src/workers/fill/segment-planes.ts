import type { Dims, IndexBox } from "#volume";
import { equalArrays } from "../equal-arrays.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { DrawnPlane } from "./fill.api.ts";
import { type PlaneFrame, pixelPlaces, planeFrame } from "./plane-frame.ts";
import type { PlaneReading } from "./plane-readings.ts";

/** All that a segment's field depends on. */
export interface SegmentPlanes {
  /** 0 for the union of all. */
  readonly segment: number;
  /** Of what is drawn of it on any plane, in millimetres from voxel 0, 0, 0. */
  readonly minMm: readonly [number, number, number];
  readonly maxMm: readonly [number, number, number];
  /** The planes that come near, in the order given, and its runs where it is drawn. */
  readonly planes: readonly {
    readonly plane: DrawnPlane;
    readonly frame: PlaneFrame;
    readonly runs: Int32Array<ArrayBuffer> | undefined;
  }[];
}

/** A segment's shapes, and the planes that its field looks at. */
export function planesOf(
  segment: number,
  drawn: readonly DrawnPlane[],
  readings: readonly PlaneReading[],
  dims: Dims,
  spacingMm: SpacingMm,
): SegmentPlanes {
  const [minMm, maxMm] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ] as [[number, number, number], [number, number, number]];
  for (const [n, plane] of drawn.entries()) {
    const runs = readings[n]!.get(segment);
    if (!runs) continue;
    const placeOf = pixelPlaces(plane, dims, spacingMm);
    let [u0, u1] = [Infinity, -Infinity];
    for (let run = 0; run < runs.length; run += 3) {
      u0 = Math.min(u0, runs[run + 1]!);
      u1 = Math.max(u1, runs[run + 2]!);
    }
    for (const v of [runs[0]!, runs.at(-3)! + 1]) {
      for (const u of [u0, u1]) {
        for (const [axis, mm] of placeOf(u, v).entries()) {
          minMm[axis] = Math.min(minMm[axis]!, mm);
          maxMm[axis] = Math.max(maxMm[axis]!, mm);
        }
      }
    }
  }
  const margin = marginMm(minMm, maxMm, spacingMm);
  const box: IndexBox = {
    min: minMm.map((mm, axis) => Math.floor((mm - margin) / spacingMm[axis]!)) as unknown as Dims,
    max: maxMm.map((mm, axis) => Math.ceil((mm + margin) / spacingMm[axis]!) + 1) as unknown as Dims,
  };
  const inVolume: IndexBox = {
    min: box.min.map((first) => Math.max(0, first)) as unknown as Dims,
    max: box.max.map((end, axis) => Math.min(dims[axis]!, end)) as unknown as Dims,
  };
  const planes = drawn.flatMap((plane, n) => {
    // What the volume's edge cuts off has no outline there. Pixels of a plane across no axis may lie half a voxel beyond it.
    const frame = planeFrame(plane, dims, spacingMm, "axis" in plane ? inVolume : box);
    return frame ? [{ plane, frame, runs: readings[n]!.get(segment) }] : [];
  });
  return { segment, minMm, maxMm, planes };
}

/** Millimetres around what is drawn of a segment as far as its field goes. */
export function marginMm(minMm: readonly number[], maxMm: readonly number[], spacingMm: SpacingMm): number {
  const longest = Math.max(...maxMm.map((end, axis) => end - minMm[axis]!));
  return 3 * Math.min(...spacingMm) + 0.12 * longest;
}

/** Whether two shapes of a segment give the same field. */
export function sameShapes(a: SegmentPlanes, b: SegmentPlanes): boolean {
  if (a.segment !== b.segment || a.planes.length !== b.planes.length) return false;
  return a.planes.every(({ plane, runs }, n) => {
    const other = b.planes[n]!;
    return samePlane(plane, other.plane) && equalArrays(runs, other.runs);
  });
}

function samePlane(a: DrawnPlane, b: DrawnPlane): boolean {
  if ("axis" in a) return "axis" in b && a.axis === b.axis && a.index === b.index;
  if ("axis" in b) return false;
  return equalArrays(a.point, b.point) && equalArrays(a.normal, b.normal);
}
