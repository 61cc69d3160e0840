import { type Affine, invertAffine } from "#base";
import type { VolumeDescription } from "#volume";
import { missingSpacing, NO_THICKNESS } from "../missing-spacing.ts";
import { unsupportedError } from "../source-errors.ts";
import type { Multiscales, ZarrAxis } from "./multiscales.ts";

/** Which stored axes are i, j and k, and which make frames. */
export interface AxisRoles {
  /** Places of the axes of i, j, k among the stored ones; k is −1 where the image is one slice without such an axis. */
  readonly space: readonly [number, number, number];
  /** Places of the axes whose elements are frames, the slowest first: time before channels. */
  readonly frames: readonly number[];
}

/** Throws `unsupported` for axes that are no volume. */
export function axisRoles(axes: readonly ZarrAxis[], subject: string): AxisRoles {
  const space = axes.flatMap(({ type }, n) => (type === "space" ? [n] : []));
  const others = axes.flatMap(({ type }, n) => (type === "space" ? [] : [n]));
  if (space.length < 2 || space.length > 3)
    throw unsupportedError(
      subject,
      `The image has ${space.length} axes in space; two or three are needed.`,
      "Write it with the axes z, y, x.",
    );
  // Where names do not tell, the last axis is x, as OME-NGFF orders them.
  const named = (name: string): number | undefined => space.find((n) => axes[n]!.name.toLowerCase() === name);
  const byName = [named("x"), named("y"), named("z")];
  const known = byName.filter((n) => n !== undefined).length === space.length;
  const [i, j, k] = known ? byName : space.toReversed();
  const order = { time: 0, channel: 1, other: 2, space: 3 };
  const frames = others.sort((a, b) => order[axes[a]!.type] - order[axes[b]!.type] || a - b);
  return { space: [i!, j!, k ?? -1], frames };
}

const MM: Readonly<Record<string, number>> = {
  angstrom: 1e-7,
  nanometer: 1e-6,
  micrometer: 1e-3,
  millimeter: 1,
  centimeter: 10,
  decimeter: 100,
  meter: 1000,
  kilometer: 1e6,
  inch: 25.4,
  foot: 304.8,
};

/** LPS row (0 left, 1 posterior, 2 superior) and sign of the end that each anatomical orientation runs to. */
const ENDS: Readonly<Record<string, readonly [row: number, sign: 1 | -1]>> = {
  left: [0, 1],
  right: [0, -1],
  posterior: [1, 1],
  anterior: [1, -1],
  superior: [2, 1],
  inferior: [2, -1],
};

const NO_SCALE = "The image gives no voxel size; 1 is assumed, so lengths and volumes measured here are not real.";

/**
 * Where the voxels of the finest resolution lie, in LPS millimetres. OME-NGFF does not tie its axes to a patient; where the axes say
 * how they run (RFC 4) that is taken, as is an affine that Voxelwright wrote; else x, y and z are taken as L, P and S, as ITK's writers of OME-Zarr mean them.
 */
export function zarrGeometry(
  { axes, datasets, scaleMissing, indexToLps: whole }: Multiscales,
  { space }: AxisRoles,
): { readonly indexToLps: Affine; readonly notes: readonly string[] } & Pick<VolumeDescription, "missingSpacing"> {
  if (whole && invertAffine(whole)) return { indexToLps: whole, notes: [] };
  const notes: string[] = [];
  const { scale, translation } = datasets[0]!;
  const present = space.filter((n) => n >= 0);
  const units = present.map((n) => axes[n]!.unit);
  const unknown = [...new Set(units.filter((unit) => unit !== undefined && MM[unit] === undefined))];
  if (units.some((unit) => unit === undefined))
    notes.push("The image states no unit of length: millimetres are assumed.");
  if (unknown.length > 0)
    notes.push(`The unit of length “${unknown.join("”, “")}” is not known: millimetres are assumed.`);
  const converted = [
    ...new Set(units.filter((unit) => unit !== undefined && MM[unit] !== undefined && MM[unit] !== 1)),
  ];
  if (converted.length > 0)
    notes.push(`Lengths in the image are in ${converted.join(" and ")}s and were converted to millimetres.`);
  if (scaleMissing) notes.push(NO_SCALE);
  if (space[2] < 0) notes.push(NO_THICKNESS);

  const ends = space.map((n) => ENDS[/-to-(\w+)$/.exec(axes[n]?.orientation ?? "")?.[1] ?? ""]);
  const given =
    present.every((_, at) => ends[at]) && new Set(ends.filter(Boolean).map((end) => end![0])).size === present.length;
  const placed: (readonly [number, 1 | -1])[] = given
    ? completed(ends)
    : [
        [0, 1],
        [1, 1],
        [2, 1],
      ];
  if (!given)
    notes.push(
      "The image does not say how its axes run in the patient: x, y and z are taken to run to the left, back and top, so left and right may be swapped.",
    );
  const indexToLps = Array.from({ length: 12 }, () => 0);
  for (const [column, [row, sign]] of placed.entries()) {
    const n = space[column]!;
    const mm = n < 0 ? 1 : (MM[axes[n]!.unit ?? ""] ?? 1);
    indexToLps[row * 4 + column] = sign * mm * (n < 0 ? 1 : scale[n]!);
    if (n >= 0 && translation[n] !== 0) indexToLps[row * 4 + 3] = sign * mm * translation[n]!;
  }
  const missing = space.map((n) => scaleMissing || n < 0);
  return { indexToLps: indexToLps as unknown as Affine, notes, ...missingSpacing(missing, [NO_SCALE, NO_THICKNESS]) };
}

/** The axis that an image of one slice lacks runs along the row that is left. */
function completed(ends: readonly (readonly [number, 1 | -1] | undefined)[]): (readonly [number, 1 | -1])[] {
  const taken = new Set(ends.map((end) => end?.[0]));
  const left = [0, 1, 2].find((row) => !taken.has(row)) ?? 2;
  return ends.map((end) => end ?? [left, 1]);
}
