import { cross, dot, length, scale, type Vec3, VoxelwrightError } from "#base";
import type { Attributes } from "./attributes.ts";
import type { Placement, Plane } from "./instance.ts";
import { Tag } from "./tags.ts";

/** Rows and columns further from a right angle than this (its cosine) are refused. */
const MAX_COSINE = 0.01;

/**
 * Image Plane (PS3.3 C.7.6.2.1.1): Image Position and Orientation (Patient). Undefined where either is absent; throws `source`
 * where they are there and mean nothing.
 */
export function readPlacement(position: Attributes, orientation: Attributes): Placement | undefined {
  if (!position.has(Tag.imagePosition) || !orientation.has(Tag.imageOrientation)) return undefined;
  const at = position.decimals(Tag.imagePosition);
  const along = orientation.decimals(Tag.imageOrientation);
  if (at.length < 3 || !at.slice(0, 3).every(Number.isFinite)) {
    throw wrong(`Image Position (Patient) is ${position.strings(Tag.imagePosition).join("\\")}, not three numbers.`);
  }
  if (along.length < 6 || !along.slice(0, 6).every(Number.isFinite)) {
    throw wrong(
      `Image Orientation (Patient) is ${orientation.strings(Tag.imageOrientation).join("\\")}, not six numbers.`,
    );
  }
  const row: Vec3 = [along[0]!, along[1]!, along[2]!];
  const column: Vec3 = [along[3]!, along[4]!, along[5]!];
  return { position: [at[0]!, at[1]!, at[2]!], ...unitAxes(row, column) };
}

function unitAxes(row: Vec3, column: Vec3): { row: Vec3; column: Vec3 } {
  const lengths = [length(row), length(column)] as const;
  if (lengths.some((size) => size < 1e-6))
    throw wrong("Image Orientation (Patient) is zero: the image has no direction.");
  if (lengths.some((size) => Math.abs(size - 1) > 0.05)) {
    throw wrong(
      `Image Orientation (Patient) is not made of unit vectors (lengths ${lengths.map((size) => size.toFixed(3)).join(" and ")}).`,
    );
  }
  const axes = { row: scale(row, 1 / lengths[0]), column: scale(column, 1 / lengths[1]) };
  const cosine = dot(axes.row, axes.column);
  if (Math.abs(cosine) > MAX_COSINE) {
    const degrees = (Math.acos(Math.min(Math.max(cosine, -1), 1)) * 180) / Math.PI;
    throw wrong(`Rows and columns of the image are not at right angles (${degrees.toFixed(1)}°).`);
  }
  return axes;
}

/** Distance of rows and of columns, mm, with a note where it is not the patient's. Throws `source` for one that is not above 0. */
export function readSpacing(attributes: Attributes, notes: string[]): readonly [number, number] | undefined {
  for (const tag of [Tag.pixelSpacing, Tag.imagerPixelSpacing]) {
    if (!attributes.has(tag)) continue;
    const [rows = Number.NaN, columns = rows] = attributes.decimals(tag);
    if (!(rows > 0 && columns > 0 && Number.isFinite(rows) && Number.isFinite(columns))) {
      throw wrong(`Pixel Spacing is ${attributes.strings(tag).join("\\")}: both must be above 0.`);
    }
    if (tag === Tag.imagerPixelSpacing)
      notes.push("The voxel size is that at the detector (Imager Pixel Spacing), not in the patient.");
    return [rows, columns];
  }
  return undefined;
}

/** Normal of the image plane: along ascending k of a right-handed stack. */
export function normalOf(placement: Placement): Vec3 {
  return cross(placement.row, placement.column);
}

/** True when two planes point the same way (to about 0.06°) and have voxels of the same size. */
export function sameOrientation(a: Plane, b: Plane): boolean {
  const near = (p: readonly number[], q: readonly number[], tolerance: number): boolean =>
    p.every((value, n) => Math.abs(value - q[n]!) <= tolerance);
  if (!a.placement !== !b.placement || !a.spacingMm !== !b.spacingMm) return false;
  if (a.spacingMm && b.spacingMm && !near(a.spacingMm, b.spacingMm, 1e-3 * a.spacingMm[0])) return false;
  if (!a.placement || !b.placement) return true;
  return near(a.placement.row, b.placement.row, 1e-3) && near(a.placement.column, b.placement.column, 1e-3);
}

function wrong(message: string): VoxelwrightError {
  return new VoxelwrightError("source", message);
}
