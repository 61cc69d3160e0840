import { VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";
import type { DrawnPlane } from "./fill.api.ts";

type Vector = readonly [number, number, number];

/** A grid of pixels on a drawn plane; places are millimetres along the index axes from voxel 0, 0, 0. */
export interface PlaneFrame {
  /** Of pixel (0, 0). */
  readonly origin: Vector;
  /** Steps from pixel to pixel. */
  readonly stepU: Vector;
  readonly stepV: Vector;
  /** Their lengths. */
  readonly su: number;
  readonly sv: number;
  readonly nu: number;
  readonly nv: number;
  /** Steps from the plane's point to pixel (0, 0): pixels of a plane lie in the same places whatever part of it a frame shows. */
  readonly u0: number;
  readonly v0: number;
  /** |a·i + b·j + c·k + d| is at most 1 at the voxels that are drawn. */
  readonly drawn: readonly [a: number, b: number, c: number, d: number];
  /** Millimetres that 1 stands for there: half a voxel along the normal. */
  readonly halfMm: number;
}

/**
 * The frame of a plane, around what of it lies near `box`; undefined where nothing does. Throws `argument` for a plane that is none or
 * that misses the volume. `finer`: pixels to the smallest voxel edge, across no axis.
 */
export function planeFrame(
  plane: DrawnPlane,
  dims: Dims,
  spacingMm: SpacingMm,
  box: IndexBox,
  finer = 1,
): PlaneFrame | undefined {
  const { place, normal, u, v, su, sv } = pixelsOf(plane, dims, spacingMm, finer);
  const corners = cornersOf(box, spacingMm);
  const away = corners.map((corner) => dot(minus(corner, place), normal));
  if (Math.min(...away) > 0 || Math.max(...away) < 0) return undefined;
  const along = (axis: Vector, size: number): [first: number, count: number] => {
    const steps = corners.map((corner) => dot(minus(corner, place), axis) / size);
    const first = Math.floor(Math.min(...steps));
    return [first, Math.ceil(Math.max(...steps)) - first + 1];
  };
  const [u0, nu] = along(u, su);
  const [v0, nv] = along(v, sv);
  return {
    origin: plus(place, plus(times(u, u0 * su), times(v, v0 * sv))),
    stepU: times(u, su),
    stepV: times(v, sv),
    su,
    sv,
    nu,
    nv,
    u0,
    v0,
    drawn: drawnOf(place, normal, spacingMm),
    halfMm: thicknessMm(normal, spacingMm) / 2,
  };
}

/** Where a pixel of a plane lies, in millimetres; u and v are steps from the plane's point. Throws `argument` as `planeFrame`. */
export function pixelPlaces(plane: DrawnPlane, dims: Dims, spacingMm: SpacingMm): (u: number, v: number) => Vector {
  const { place, u, v, su, sv } = pixelsOf(plane, dims, spacingMm, 1);
  return (atU, atV) => plus(place, plus(times(u, atU * su), times(v, atV * sv)));
}

/** What `PlaneFrame.drawn` is. Throws `argument` as `planeFrame`. */
export function drawnVoxels(plane: DrawnPlane, dims: Dims, spacingMm: SpacingMm): PlaneFrame["drawn"] {
  const { place, normal } = pixelsOf(plane, dims, spacingMm, 1);
  return drawnOf(place, normal, spacingMm);
}

function drawnOf(place: Vector, normal: Vector, spacingMm: SpacingMm): PlaneFrame["drawn"] {
  const half = thicknessMm(normal, spacingMm) / 2;
  const along = (axis: 0 | 1 | 2): number => (normal[axis] * spacingMm[axis]) / half;
  return [along(0), along(1), along(2), -dot(place, normal) / half];
}

/** A plane's point in millimetres, the directions of its pixels, of length 1, and their edges. */
function pixelsOf(plane: DrawnPlane, dims: Dims, spacingMm: SpacingMm, finer: number) {
  const { point, ...directed } = directions(plane, dims);
  const su = "axis" in plane ? spacingMm[plane.axis === 0 ? 1 : 0] : Math.min(...spacingMm) / finer;
  const sv = "axis" in plane ? spacingMm[plane.axis === 2 ? 1 : 2] : su;
  const place: Vector = [point[0] * spacingMm[0], point[1] * spacingMm[1], point[2] * spacingMm[2]];
  return { ...directed, place, su, sv };
}

/** A voxel's extent along a normal of length 1, in millimetres: what lies within half of it of a plane is drawn. */
export function thicknessMm(normal: Vector, spacingMm: SpacingMm): number {
  return normal.reduce((sum, n, axis) => sum + Math.abs(n) * spacingMm[axis]!, 0);
}

/** A point of a plane, as a voxel index, and its normal, of length 1. Throws `argument` for a plane that is none. */
export function directionOf(plane: DrawnPlane, dims: Dims): { readonly point: Vector; readonly normal: Vector } {
  if ("axis" in plane) {
    const { axis, index } = plane;
    if (!Number.isInteger(index) || index < 0 || index >= dims[axis]) {
      throw new VoxelwrightError("argument", `Slice ${index} is not one of the ${dims[axis]} slices of this axis.`);
    }
    return { point: times(unit(axis), index), normal: unit(axis) };
  }
  const { point, normal } = plane;
  const length = Math.hypot(...normal);
  if (!(length > 0) || !Number.isFinite(length) || !point.every(Number.isFinite)) {
    throw new VoxelwrightError("argument", "A plane needs a point and a normal that is not 0.", {
      advice: "Give the point as a voxel index and the normal in millimetres along i, j and k.",
    });
  }
  return { point, normal: times(normal, 1 / length) };
}

/** A point of a plane, its normal and two directions on it, all of length 1. */
function directions(
  plane: DrawnPlane,
  dims: Dims,
): { readonly point: Vector; readonly normal: Vector; readonly u: Vector; readonly v: Vector } {
  const { point, normal: n } = directionOf(plane, dims);
  if ("axis" in plane) {
    const [u, v] = plane.axis === 0 ? [1, 2] : plane.axis === 1 ? [0, 2] : [0, 1];
    return { point, normal: n, u: unit(u!), v: unit(v!) };
  }
  // The axis that the normal leans to least gives a direction that is surely not along it.
  const least = n.reduce((best, value, axis) => (Math.abs(value) < Math.abs(n[best]!) ? axis : best), 0);
  const u = unitOf(cross(n, unit(least)));
  return { point, normal: n, u, v: cross(n, u) };
}

function unit(of: number): Vector {
  return [of === 0 ? 1 : 0, of === 1 ? 1 : 0, of === 2 ? 1 : 0];
}

/** How far a place (millimetres) is from a plane, in halves of a voxel along the normal: at most 1 either way where it is drawn. */
export function halvesOf(
  { drawn: [a, b, c, d] }: PlaneFrame,
  spacingMm: SpacingMm,
  at: readonly [number, number, number],
): number {
  return (a * at[0]) / spacingMm[0] + (b * at[1]) / spacingMm[1] + (c * at[2]) / spacingMm[2] + d;
}

function cornersOf({ min, max }: IndexBox, spacingMm: SpacingMm): Vector[] {
  const corners: Vector[] = [];
  for (let n = 0; n < 8; n++) {
    const at = (axis: 0 | 1 | 2): number => ((n >> axis) & 1 ? max[axis] - 1 : min[axis]) * spacingMm[axis];
    corners.push([at(0), at(1), at(2)]);
  }
  return corners;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function times(a: Vector, by: number): Vector {
  return [a[0] * by, a[1] * by, a[2] * by];
}

function unitOf(a: Vector): Vector {
  return times(a, 1 / Math.hypot(...a));
}
