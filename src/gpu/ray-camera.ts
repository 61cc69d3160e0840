import { type Affine, applyAffine, applyLinear, dot, length, subtract } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import type { LpsPlane, VolumeClip } from "./volume-clip.ts";

/** Column-major 4×4, as WGSL and three.js hold matrices. */
export type Matrix4 = readonly number[];

/** A camera for the ray pass: from clip space (depth 0 to 1) to LPS mm, column-major. */
export interface RayCamera {
  readonly clipToLps: Matrix4;
}

export interface RaySpace {
  readonly clipToRay: number[];
  /** Columns of 3×3, each padded to four numbers as WGSL lays them out. */
  readonly rayToLps: number[];
  readonly gradientToLps: number[];
  /** Faces of what is drawn: of the volume, or of the clip box. */
  readonly boxMin: [number, number, number];
  readonly boxMax: [number, number, number];
  readonly volumeMin: [number, number, number];
  readonly volumeMax: [number, number, number];
  /** Kept is where dot(xyz, p) + w is 0 or below. */
  readonly clipPlane: RayPlane;
}

/**
 * The matrices of the ray pass, composed in double precision. Ray space is the index of the level drawn; for an uneven stack it is
 * the affine index at level 0, whose third axis is millimetres along the stack.
 */
export function raySpace(grid: ImageGrid, level: PyramidLevel, camera: RayCamera, clip: VolumeClip = {}): RaySpace {
  const offsets = grid.sliceOffsetsMm;
  const factor = offsets ? [1, 1, 1] : level.factor;
  // index(level) = (index0 + 0.5) / factor − 0.5
  const toRay = scaleRows(grid.lpsToIndex, factor);
  const clipToRay: number[] = [];
  for (let column = 0; column < 4; column++) {
    const c = camera.clipToLps.slice(column * 4, column * 4 + 4) as [number, number, number, number];
    for (let row = 0; row < 3; row++) {
      const m = row * 4;
      clipToRay.push(toRay[m]! * c[0] + toRay[m + 1]! * c[1] + toRay[m + 2]! * c[2] + toRay[m + 3]! * c[3]);
    }
    clipToRay.push(c[3]);
  }
  const rayToLps = [0, 1, 2].flatMap((axis) => [...applyLinear(grid.indexToLps, axisVector(axis, factor[axis]!)), 0]);
  // A gradient is a row vector: its LPS direction is the transposed inverse of the index's own matrix, at the level of the taps.
  const levelRows = scaleRows(grid.lpsToIndex, level.factor);
  const gap = offsets ? grid.spacingMm[2] / length(grid.axis(2)) : 1;
  const gradientToLps = [0, 1, 2].flatMap((row) => {
    const divisor = row === 2 ? gap : 1;
    return [levelRows[row * 4]! / divisor, levelRows[row * 4 + 1]! / divisor, levelRows[row * 4 + 2]! / divisor, 0];
  });
  const bounds = (side: "min" | "max"): [number, number, number] => {
    const end = (axis: 0 | 1 | 2): number => (side === "min" ? -0.5 : (offsets ? grid.dims : level.dims)[axis] - 0.5);
    if (!offsets) return [end(0), end(1), end(2)];
    return [end(0), end(1), stackEnd(offsets, side)];
  };
  const volumeMin = bounds("min");
  const volumeMax = bounds("max");
  const boxMin = [...volumeMin] as [number, number, number];
  const boxMax = [...volumeMax] as [number, number, number];
  if (clip.box) {
    for (const axis of [0, 1, 2] as const) {
      // Levels round their last voxel up, so a box that reaches the volume's end keeps the level's own end.
      if (clip.box.min[axis] > 0) boxMin[axis] = faceInRay(grid, factor, axis, clip.box.min[axis]);
      if (clip.box.max[axis] < grid.dims[axis]) boxMax[axis] = faceInRay(grid, factor, axis, clip.box.max[axis]);
    }
  }
  const clipPlane: RayPlane = clip.plane ? planeInRay(grid, level, clip.plane) : [0, 0, 0, -1];
  return { clipToRay, rayToLps, gradientToLps, boxMin, boxMax, volumeMin, volumeMax, clipPlane };
}

/** A plane in ray space: dot(xyz, p) + w is the distance in mm on the side of the normal. */
export type RayPlane = [number, number, number, number];

/** A plane through `point` with a unit normal, LPS, in the ray space of a level. */
export function planeInRay(grid: ImageGrid, level: PyramidLevel, { point, normal }: LpsPlane): RayPlane {
  const factor = grid.sliceOffsetsMm ? ([1, 1, 1] as const) : level.factor;
  const origin = applyAffine(grid.indexToLps, [factor[0] / 2 - 0.5, factor[1] / 2 - 0.5, factor[2] / 2 - 0.5]);
  const along = (axis: 0 | 1 | 2): number => dot(normal, applyLinear(grid.indexToLps, axisVector(axis, factor[axis])));
  return [along(0), along(1), along(2), dot(normal, subtract(origin, point))];
}

/** The face before voxel `index` of an axis in ray space. */
function faceInRay(grid: ImageGrid, factor: readonly number[], axis: 0 | 1 | 2, index: number): number {
  const offsets = grid.sliceOffsetsMm;
  if (offsets && axis === 2) return (offsets[index - 1]! + offsets[index]!) / 2;
  return index / factor[axis]! - 0.5;
}

/** Outer face of an uneven stack, half a gap past the last slice. */
function stackEnd(offsets: readonly number[], side: "min" | "max"): number {
  const count = offsets.length;
  if (count === 1) return offsets[0]! + (side === "min" ? -0.5 : 0.5);
  if (side === "min") return offsets[0]! - (offsets[1]! - offsets[0]!) / 2;
  return offsets[count - 1]! + (offsets[count - 1]! - offsets[count - 2]!) / 2;
}

function axisVector(axis: number, size: number): [number, number, number] {
  return [axis === 0 ? size : 0, axis === 1 ? size : 0, axis === 2 ? size : 0];
}

/** Divides the rows of LPS → index by the level's factors, moving to its voxel centres. */
function scaleRows(m: Affine, factor: readonly number[]): number[] {
  return m.map((value, n) => {
    const by = factor[Math.floor(n / 4)]!;
    return n % 4 === 3 ? (value + 0.5) / by - 0.5 : value / by;
  });
}

/** The inverse of a column-major 4×4 by Gauss and Jordan, in double precision. The matrix must have one. */
export function invertMatrix4(m: Matrix4): number[] {
  // Rows of the transposed are columns here, which the inverse gives back the same way.
  const rows = [0, 1, 2, 3].map((r) => [...m.slice(r * 4, r * 4 + 4), ...[0, 1, 2, 3].map((c) => (c === r ? 1 : 0))]);
  for (let c = 0; c < 4; c++) {
    const pivot = rows.slice(c).reduce((best, row) => (Math.abs(row[c]!) > Math.abs(best[c]!) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(c, 0, pivot);
    const scaled = pivot.map((value) => value / pivot[c]!);
    for (let r = 0; r < 4; r++)
      rows[r] = r === c ? scaled : rows[r]!.map((value, n) => value - rows[r]![c]! * scaled[n]!);
  }
  return rows.flatMap((row) => row.slice(4));
}

/** Smallest voxel edge of a level, mm: the natural step along a ray. */
export function levelStepMm(grid: ImageGrid, level: PyramidLevel): number {
  const spacing = grid.spacingMm;
  return Math.min(spacing[0] * level.factor[0], spacing[1] * level.factor[1], spacing[2] * level.factor[2]);
}
