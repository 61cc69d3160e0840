import { type Affine, invertAffine } from "#base";
import type { Dims, MissingSpacing } from "#volume";
import { missingSpacing, NO_SIZE_IN_HEADER, NO_THICKNESS } from "./missing-spacing.ts";
import type { NrrdHeader } from "./nrrd-header.ts";
import { sourceError, unsupportedError } from "./source-errors.ts";

/** How the axes of a NRRD become a volume. */
export interface NrrdLayout {
  readonly dims: Dims;
  readonly frames: number;
  /** Place of the frame axis among the axes, 0 = fastest; 3 when there is none or it is the slowest. */
  readonly frameAxis: 0 | 1 | 2 | 3;
  readonly indexToLps: Affine;
  readonly notes: readonly string[];
  readonly missingSpacing?: MissingSpacing;
}

const SPATIAL_KINDS = new Set(["domain", "space"]);

/** Sign of each world axis that turns a named space into LPS. */
const SPACES: ReadonlyMap<string, readonly [number, number, number]> = new Map([
  ["left-posterior-superior", [1, 1, 1]],
  ["lps", [1, 1, 1]],
  ["right-anterior-superior", [-1, -1, 1]],
  ["ras", [-1, -1, 1]],
  ["left-anterior-superior", [1, -1, 1]],
  ["las", [1, -1, 1]],
  ["left-posterior-superior-time", [1, 1, 1]],
  ["lpst", [1, 1, 1]],
  ["right-anterior-superior-time", [-1, -1, 1]],
  ["rast", [-1, -1, 1]],
  ["left-anterior-superior-time", [1, -1, 1]],
  ["last", [1, -1, 1]],
]);

const UNITS_MM: ReadonlyMap<string, number> = new Map([
  ["mm", 1],
  ["millimeter", 1],
  ["millimeters", 1],
  ["cm", 10],
  ["m", 1000],
  ["meter", 1000],
  ["um", 0.001],
  ["µm", 0.001],
  ["micron", 0.001],
  ["microns", 0.001],
  ["micrometer", 0.001],
  ["nm", 1e-6],
]);

/** Sorts axes into space and frames and builds the affine. Throws `unsupported` for layouts without one volume in them. */
export function nrrdLayout(header: NrrdHeader, subject: string): NrrdLayout {
  const notes: string[] = [];
  const spatial = spatialAxes(header);
  const others = header.sizes.map((_, axis) => axis).filter((axis) => !spatial.includes(axis));
  const manyOthers = others.filter((axis) => header.sizes[axis]! > 1);
  const lastSpatial = spatial.at(-1) ?? -1;
  const trailing = manyOthers.every((axis) => axis > lastSpatial);
  if (spatial.length === 0 || (!trailing && manyOthers.length > 1)) {
    throw unsupportedError(
      subject,
      `Its ${header.sizes.length} axes (${header.sizes.join("×")}) hold no single volume with one frame axis.`,
      "Save one volume as its own file.",
    );
  }
  const frames = manyOthers.reduce((product, axis) => product * header.sizes[axis]!, 1);
  // Axes of size 1 do not move voxels; what counts is how many spatial axes lie before the frames.
  const before = manyOthers.length === 1 && !trailing ? spatial.filter((axis) => axis < manyOthers[0]!).length : 3;
  if (frames > 1) notes.push(frameNote(header, manyOthers, frames));
  const dims = [0, 1, 2].map((n) => (n < spatial.length ? header.sizes[spatial[n]!]! : 1)) as unknown as Dims;
  const missing = missingSizes(header, spatial);
  const affine = placement(header, spatial, missing, subject, notes);
  return {
    dims,
    frames,
    frameAxis: before as 0 | 1 | 2 | 3,
    indexToLps: affine,
    notes: [...new Set(notes)],
    ...missingSpacing(missing, [NO_SIZE_IN_HEADER, NO_THICKNESS]),
  };
}

function frameNote(header: NrrdHeader, axes: readonly number[], frames: number): string {
  const kind = axes.length === 1 ? header.kinds?.[axes[0]!] : undefined;
  const said = kind && kind !== "???" && kind !== "none" ? ` (axis kind “${kind}”)` : "";
  return `The ${frames} frames come from ${axes.length === 1 ? "an axis" : "axes"} outside space${said}.`;
}

/** Axes with a direction in space, else of a spatial kind, else the slowest three. */
function spatialAxes(header: NrrdHeader): number[] {
  const axes = header.sizes.map((_, axis) => axis);
  let spatial = axes;
  if (header.spaceDirections) spatial = axes.filter((axis) => header.spaceDirections![axis] !== undefined);
  else if (header.kinds)
    spatial = axes.filter((axis) => SPATIAL_KINDS.has(header.kinds![axis]!) || header.kinds![axis] === "???");
  // Four directions: a list of volumes as Slicer's first segmentations and time series write it.
  if (spatial.length <= 3) return spatial;
  const first = header.sizes[0]!;
  return first <= 4 && !header.spaceDirections && !header.kinds ? spatial.slice(-3) : spatial.slice(0, 3);
}

/** Of i, j and k, whether the header gives no size along it; an axis that a picture lacks has none. */
function missingSizes({ spaceDirections, spacings }: NrrdHeader, spatial: readonly number[]): boolean[] {
  return [0, 1, 2].map((n) => {
    const axis = spatial[n];
    if (axis === undefined) return true;
    const size = spacings?.[axis];
    return !spaceDirections && !(size !== undefined && Number.isFinite(size) && size !== 0);
  });
}

function placement(
  header: NrrdHeader,
  spatial: readonly number[],
  missing: readonly boolean[],
  subject: string,
  notes: string[],
): Affine {
  const signs = spaceSigns(header, notes);
  const unit = unitOf(header, notes);
  let columns: (readonly number[])[];
  if (header.spaceDirections) {
    columns = [0, 1, 2].map((n) => {
      const vector = n < spatial.length ? header.spaceDirections![spatial[n]!]! : undefined;
      return [0, 1, 2].map((row) => vector?.[row] ?? (vector === undefined && row === n ? 1 / unit : 0));
    });
  } else {
    notes.push("The header gives no axis directions: axes are assumed to run along the axes of its space.");
    columns = [0, 1, 2].map((n) => {
      const size = missing[n] ? 1 / unit : header.spacings![spatial[n]!]!;
      return [0, 1, 2].map((row) => (row === n ? size : 0));
    });
    if (spatial.some((_, n) => missing[n])) notes.push(NO_SIZE_IN_HEADER);
  }
  if (spatial.length < 3) notes.push(NO_THICKNESS);
  if (!header.spaceOrigin) notes.push("The header gives no position: the first voxel is put at the origin.");
  const origin = [0, 1, 2].map((row) => header.spaceOrigin?.[row] ?? 0);
  const rows = [0, 1, 2].flatMap((row) => {
    const factor = signs[row]! * unit;
    return [
      columns[0]![row]! * factor,
      columns[1]![row]! * factor,
      columns[2]![row]! * factor,
      origin[row]! * factor,
    ].map((v) => v + 0);
  });
  const affine = rows as unknown as Affine;
  if (!affine.every(Number.isFinite) || !invertAffine(affine)) {
    throw sourceError(
      subject,
      "The space directions place all voxels in one plane or nowhere.",
      "Correct the header or get a fresh copy of the file.",
    );
  }
  return affine;
}

function spaceSigns(header: NrrdHeader, notes: string[]): readonly [number, number, number] {
  const named = header.space === undefined ? undefined : SPACES.get(header.space);
  if (named) return named;
  if (isEarlySegmentation(header)) {
    notes.push(
      "The header names no space; RAS is assumed, as the first versions of 3D Slicer's segmentations were written.",
    );
    return [-1, -1, 1];
  }
  const given =
    header.space === undefined
      ? "names no patient space"
      : `names the space “${header.space.slice(0, 40)}”, which says nothing of the patient`;
  notes.push(`The header ${given}; left-posterior-superior is assumed, so sides may be swapped.`);
  return [1, 1, 1];
}

/**
 * 3D Slicer's first segmentation files are 4D with `space dimension: 4` and no space. They hold RAS positions: with LPS the
 * rectum of a patient would lie in front of the bladder.
 */
export function isEarlySegmentation(header: NrrdHeader): boolean {
  return (
    header.space === undefined &&
    header.spaceDimension === 4 &&
    header.sizes.length === 4 &&
    header.keyValues.has("Segmentation_Extent")
  );
}

function unitOf(header: NrrdHeader, notes: string[]): number {
  const name = header.spaceUnits[0]?.toLowerCase();
  if (name === undefined || name === "") return 1;
  const unit = UNITS_MM.get(name);
  if (unit === undefined)
    notes.push(`The unit of length “${name.slice(0, 20)}” is not known; millimetres are assumed.`);
  else if (unit !== 1) notes.push(`Lengths in the file are in ${name} and were converted to millimetres.`);
  return unit ?? 1;
}
