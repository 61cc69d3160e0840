import { add, type Affine, dot, length, normalize, scale, subtract, type Vec3 } from "#base";
import type { ImageGridData, MissingSpacing } from "#volume";
import { missingSpacing } from "../missing-spacing.ts";
import type { Plane } from "./instance.ts";
import { normalOf } from "./placement.ts";

/** Share of the spacing by which a slice may lie off even spacing and still be taken as rounding. */
const EVEN_SHARE = 0.02;
/** Share of a gap by which it may differ from a multiple of the spacing and still be taken as missing slices. */
const MULTIPLE_SHARE = 0.05;

/** Shear beyond which slices are taken not to be a stack, degrees; gantries tilt by up to 30. */
const MAX_TILT = 75;

/** A grid and what is to be said about it. */
export interface StackGeometry {
  readonly grid: ImageGridData;
  readonly notes: readonly string[];
  readonly missingSpacing?: MissingSpacing;
}

const NO_PIXEL_SPACING = "The voxel size is not in the file; 1×1 mm is made up, so no length or volume can be trusted.";
const NO_SLICE_THICKNESS = "The slice thickness is not in the file; 1 mm is made up.";

/** Place of a plane along its normal, mm. */
export function depthOf(plane: Plane): number {
  return plane.placement ? dot(plane.placement.position, normalOf(plane.placement)) : 0;
}

/**
 * The grid of planes sorted by depth, one at each position. Even spacing (within rounding) is an affine, with the shear of
 * a tilted gantry; anything else is an uneven stack at its true positions, never averaged. Undefined when the planes do not lie on
 * one straight line across them, which no grid can say.
 */
export function stackGeometry(planes: readonly Plane[]): StackGeometry | undefined {
  const first = planes[0]!;
  const dims = [first.instance.planeColumns, first.instance.planeRows, planes.length] as const;
  const notes: string[] = [];
  const [rowMm, columnMm] = first.spacingMm ?? [1, 1];
  const inPlane = !first.spacingMm;
  if (inPlane) notes.push(NO_PIXEL_SPACING);
  const row = first.placement?.row ?? [1, 0, 0];
  const column = first.placement?.column ?? [0, 1, 0];
  const affine = (step: Vec3): Affine => {
    const i = scale(row, columnMm);
    const j = scale(column, rowMm);
    const origin = first.placement?.position ?? [0, 0, 0];
    return [i[0], j[0], step[0], origin[0], i[1], j[1], step[1], origin[1], i[2], j[2], step[2], origin[2]];
  };
  const normal: Vec3 = first.placement ? normalOf(first.placement) : [0, 0, 1];
  if (!first.placement || planes.length === 1) {
    const stated = first.instance.statedSpacingMm;
    if (!first.placement)
      notes.push(
        "The image has no position or orientation: its place in the patient is unknown, left and right are not sure.",
      );
    if (stated === undefined) notes.push(NO_SLICE_THICKNESS);
    else if (planes.length > 1)
      notes.push(`The distance of the slices is taken from the header, ${millimetres(stated)}.`);
    const missing = missingSpacing([inPlane, inPlane, stated === undefined], [NO_PIXEL_SPACING, NO_SLICE_THICKNESS]);
    return { grid: { dims, indexToLps: affine(scale(normal, stated ?? 1)) }, notes, ...missing };
  }
  const missing = missingSpacing([inPlane, inPlane, false], [NO_PIXEL_SPACING]);
  const points = planes.map((plane) => plane.placement!.position);
  const span = subtract(points.at(-1)!, points[0]!);
  const step = scale(span, 1 / (planes.length - 1));
  const off = Math.max(...points.map((point, k) => length(subtract(point, add(points[0]!, scale(step, k))))));
  const direction = normalize(span);
  const tilt = (Math.acos(Math.min(dot(direction, normal), 1)) * 180) / Math.PI;
  if (tilt > MAX_TILT) return undefined;
  if (tilt > 0.1)
    notes.push(`The slices are sheared by ${tilt.toFixed(1)}° (gantry tilt); the volume keeps that shape.`);
  if (off <= Math.max(0.002, EVEN_SHARE * length(step))) {
    if (off > 0.01) notes.push(`Slices lie up to ${millimetres(off)} off even spacing; this is taken as rounding.`);
    return { grid: { dims, indexToLps: affine(step) }, notes, ...missing };
  }
  const offsets = points.map((point) => dot(subtract(point, points[0]!), direction));
  const aside = Math.max(
    ...points.map((point, k) => length(subtract(point, add(points[0]!, scale(direction, offsets[k]!))))),
  );
  if (aside > Math.max(0.05, 0.25 * Math.min(rowMm, columnMm))) return undefined;
  notes.push(gapNote(offsets.map((offset) => offset * dot(direction, normal))));
  return { grid: { dims, indexToLps: affine(direction), sliceOffsetsMm: offsets }, notes, ...missing };
}

/** Says of depths along the normal whether slices are missing (gaps are multiples of one spacing) or the spacing is uneven. */
function gapNote(depths: readonly number[]): string {
  const gaps = depths.slice(1).map((depth, k) => depth - depths[k]!);
  const sorted = gaps.toSorted((a, b) => a - b);
  for (const base of [sorted[sorted.length >> 1]!, sorted[0]!]) {
    const multiples = gaps.map((gap) => Math.round(gap / base));
    const fits = gaps.every(
      (gap, k) => multiples[k]! >= 1 && Math.abs(gap - multiples[k]! * base) <= MULTIPLE_SHARE * base,
    );
    if (!fits) continue;
    const holes = multiples.flatMap((multiple, k) =>
      multiple > 1 ? [{ k, missing: multiple - 1, gap: gaps[k]! }] : [],
    );
    const missing = holes.reduce((sum, hole) => sum + hole.missing, 0);
    const where = holes
      .slice(0, 5)
      .map(({ k, gap }) => `between slices ${k + 1} and ${k + 2} (${millimetres(gap)})`)
      .join(", ");
    return (
      `${missing} ${missing === 1 ? "slice is" : "slices are"} missing: the spacing is ${millimetres(base)}, with ${holes.length === 1 ? "a gap" : "gaps"} ` +
      `${where}${holes.length > 5 ? " and more" : ""}. Slices are kept at their true positions.`
    );
  }
  return (
    `The slices are unevenly spaced, ${millimetres(sorted[0]!)} to ${millimetres(sorted.at(-1)!)} apart. ` +
    "They are kept at their true positions."
  );
}

function millimetres(mm: number): string {
  return `${Number(mm.toFixed(mm < 0.1 ? 4 : 2))} mm`;
}
