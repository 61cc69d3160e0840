import { type Affine, applyAffine, applyLinear, subtract, type Vec3 } from "#base";
import { ImageGrid } from "./image-grid.ts";
import type { IndexAxis, VolumeDescription } from "./volume-description.ts";

/** Smallest voxel edge that is taken, mm: a nanometre, below what electron microscopes resolve in a volume. */
export const LEAST_SPACING_MM = 1e-6;
/** Largest voxel edge that is taken, mm: a metre. */
export const MOST_SPACING_MM = 1000;

/** Share by which two sizes may differ and still be one: the rounding of what people copy from a screen. */
const SAME_SHARE = 1e-3;

const AXES: readonly IndexAxis[] = ["i", "j", "k"];

/** What is wrong with a size that is given by hand, as a sentence that says what to do; undefined where it can be taken. */
export function spacingFault(mm: number): string | undefined {
  if (!Number.isFinite(mm)) return "Give a number of millimetres, such as 0.5.";
  if (mm <= 0) return "Give a size above 0 mm.";
  if (mm < LEAST_SPACING_MM) return "Give at least 0.000001 mm, which is a nanometre.";
  return mm > MOST_SPACING_MM ? `Give at most ${MOST_SPACING_MM} mm.` : undefined;
}

/**
 * A description whose missing sizes are those of `spacingMm`, where there is one, whether they were assumed or given before; where the
 * source gives a size its own stands, and a note says so where that is another one. `whence` ends the sentence of the note that takes
 * the place of what was said of them.
 */
export function withSpacing(
  description: VolumeDescription,
  spacingMm: Vec3 | undefined,
  whence = "was given by hand",
): VolumeDescription {
  if (!spacingMm) return description;
  const { missingSpacing, givenSpacing, notes, ...others } = description;
  const missing = missingSpacing ?? givenSpacing;
  const own = new ImageGrid(description.grid).spacingMm;
  const said = missing ? [givenNote(missing.axes, spacingMm, whence)] : [];
  const kept = AXES.filter(
    (axis, n) => !missing?.axes.includes(axis) && Math.abs(spacingMm[n]! / own[n]! - 1) > SAME_SHARE,
  );
  if (kept.length > 0) said.push(keptNote(kept, own));
  const at = missing ? notes.findIndex((note) => missing.notes.includes(note)) : -1;
  const rest = notes.filter((note) => !missing?.notes.includes(note));
  // In the place of what was assumed, which comes before what is said of orientation.
  const place = at < 0 ? rest.length : at;
  return {
    ...others,
    grid: missing
      ? { ...description.grid, indexToLps: resized(description.grid.indexToLps, own, spacingMm, missing) }
      : description.grid,
    notes: [...rest.slice(0, place), ...said, ...rest.slice(place)],
    ...(missing ? { givenSpacing: { ...missing, notes: said } } : {}),
  };
}

/** `spacingMm` along the axes of which a source gives no size, the source's own along the others. */
export function whereMissing({ grid, missingSpacing }: VolumeDescription, spacingMm: Vec3): Vec3 {
  const own = new ImageGrid(grid).spacingMm;
  return AXES.map((axis, n) => (missingSpacing?.axes.includes(axis) ? spacingMm : own)[n]!) as unknown as Vec3;
}

/** Whether two voxel sizes are the same to the digits that people write. */
export function sameSpacing(a: Vec3, b: Vec3): boolean {
  return a.every((mm, axis) => Math.abs(mm / b[axis]! - 1) <= SAME_SHARE);
}

function resized(
  affine: Affine,
  own: Vec3,
  spacingMm: Vec3,
  { axes, fixedIjk }: NonNullable<VolumeDescription["missingSpacing"]>,
): Affine {
  const factors = AXES.map((axis, n) => (axes.includes(axis) ? spacingMm[n]! / own[n]! : 1));
  const turned = affine.map((value, n) => value * (factors[n % 4] ?? 1)) as unknown as Affine;
  const origin = subtract(applyAffine(affine, fixedIjk), applyLinear(turned, fixedIjk));
  return turned.map((value, n) => (n % 4 === 3 ? origin[Math.floor(n / 4)]! : value)) as unknown as Affine;
}

function givenNote(axes: readonly IndexAxis[], spacingMm: Vec3, whence: string): string {
  if (axes.length === 3) return `Voxel size ${sizes(AXES, spacingMm)} ${whence}; the file has none.`;
  return `Voxel size along ${axes.join(" and ")}, ${sizes(axes, spacingMm)}, ${whence}; the file has none there.`;
}

function keptNote(axes: readonly IndexAxis[], own: Vec3): string {
  const where = axes.length === 3 ? "" : ` along ${axes.join(" and ")}`;
  return `The file gives the voxel size${where}, ${sizes(axes, own)}: it stands, and the one that was given by hand is not used.`;
}

function sizes(axes: readonly IndexAxis[], spacingMm: Vec3): string {
  const numbers = axes.map((axis) => String(Number(spacingMm[AXES.indexOf(axis)]!.toPrecision(6))));
  return `${numbers.join(" × ")} mm`;
}
