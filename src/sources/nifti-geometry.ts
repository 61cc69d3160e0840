import { type Affine, applyAffine, invertAffine, length, subtract, type Vec3 } from "#base";
import type { Dims, MissingSpacing } from "#volume";
import { missingSpacing, NO_SIZE_IN_HEADER } from "./missing-spacing.ts";
import type { NiftiHeader } from "./nifti-header.ts";

/**
 * Where NIfTI voxels lie, in LPS millimetres, chosen as nibabel does: the sform when its code is above 0, else the qform when
 * its code is above 0, else voxel sizes alone, centred and with the first axis to the patient's left (the Analyze habit).
 * NIfTI's own axes are RAS; rows 0 and 1 are negated.
 */
export function niftiGeometry(
  header: NiftiHeader,
  dims: Dims,
): {
  readonly indexToLps: Affine;
  readonly notes: readonly string[];
  readonly missingSpacing?: MissingSpacing;
} {
  const notes: string[] = [];
  const unit = unitMm(header.spaceUnits);
  if (unit !== 1)
    notes.push(
      `Lengths in the file are in ${unit === 1000 ? "metres" : "micrometres"} and were converted to millimetres.`,
    );

  const sform = header.sformCode > 0 ? usable(toMm(header.srow as unknown as Affine, unit)) : undefined;
  const qform = header.qformCode > 0 ? usable(toMm(qformAffine(header), unit)) : undefined;
  if (header.sformCode > 0 && !sform)
    notes.push("The sform of the header cannot be used: it is not finite or cannot be inverted.");
  if (header.qformCode > 0 && !qform)
    notes.push("The qform of the header cannot be used: it is not finite or cannot be inverted.");

  if (sform && qform) {
    const apart = furthest(sform, qform, dims);
    const voxel = Math.min(...[0, 1, 2].map((axis) => length([sform[axis]!, sform[4 + axis]!, sform[8 + axis]!])));
    if (apart > Math.max(0.01, voxel / 10)) {
      notes.push(
        `The header gives two places for the voxels, up to ${apart.toPrecision(3)} mm apart; the sform is used, not the qform.`,
      );
    }
  }
  const placed = sform ?? qform;
  if (placed) return { indexToLps: rasToLps(placed), notes };

  const sizes = [1, 2, 3].map((axis) => Math.abs(header.pixdim[axis]!) * unit);
  const missing = sizes.map((size) => !(Number.isFinite(size) && size > 0));
  const spacing = sizes.map((size, axis) => (missing[axis] ? 1 : size)) as unknown as Vec3;
  if (missing.some(Boolean)) notes.push(NO_SIZE_IN_HEADER);
  notes.push(
    header.format === "Analyze 7.5"
      ? "Analyze 7.5 does not say which side is left: left and right may be swapped. The origin is set to the middle of the volume."
      : "The header gives no orientation: the voxel axes are assumed to run to the left, front and top, so left and right may be swapped. The origin is set to the middle of the volume.",
  );
  const middle = dims.map((n, axis) => ((n - 1) / 2) * spacing[axis]!);
  const base: Affine = [-spacing[0], 0, 0, middle[0]!, 0, spacing[1], 0, -middle[1]!, 0, 0, spacing[2], -middle[2]!];
  const middleIjk = dims.map((n) => (n - 1) / 2) as unknown as Vec3;
  return { indexToLps: rasToLps(base), notes, ...missingSpacing(missing, [NO_SIZE_IN_HEADER], middleIjk) };
}

function unitMm(code: number): number {
  if (code === 1) return 1000;
  return code === 3 ? 0.001 : 1;
}

function toMm(affine: Affine, unit: number): Affine {
  return affine.map((value) => value * unit) as unknown as Affine;
}

function usable(affine: Affine): Affine | undefined {
  return affine.every(Number.isFinite) && invertAffine(affine) ? affine : undefined;
}

/** Method 2 of nifti1.h: unit quaternion (a computed), qfac in pixdim[0], voxel sizes in pixdim[1..3]. */
function qformAffine(header: NiftiHeader): Affine {
  let [b, c, d] = header.quatern;
  const [, , , x, y, z] = header.quatern;
  const sum = b * b + c * c + d * d;
  let a = 0;
  if (sum > 1) {
    const size = Math.sqrt(sum);
    b /= size;
    c /= size;
    d /= size;
  } else a = Math.sqrt(1 - sum);
  const [dx, dy, dz] = [1, 2, 3].map((axis) => Math.abs(header.pixdim[axis]!)) as [number, number, number];
  const k = header.pixdim[0]! < 0 ? -dz : dz;
  return [
    (a * a + b * b - c * c - d * d) * dx,
    2 * (b * c - a * d) * dy,
    2 * (b * d + a * c) * k,
    x,
    2 * (b * c + a * d) * dx,
    (a * a + c * c - b * b - d * d) * dy,
    2 * (c * d - a * b) * k,
    y,
    2 * (b * d - a * c) * dx,
    2 * (c * d + a * b) * dy,
    (a * a + d * d - c * c - b * b) * k,
    z,
  ];
}

/** Largest distance between the places two affines give to the eight corner voxels. */
function furthest(a: Affine, b: Affine, dims: Dims): number {
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = (axis: number): number => ((corner >> axis) & 1 ? dims[axis]! - 1 : 0);
    const ijk: Vec3 = [at(0), at(1), at(2)];
    most = Math.max(most, length(subtract(applyAffine(a, ijk), applyAffine(b, ijk))));
  }
  return most;
}

/** Negates rows 0 and 1, and spares negative zeros. */
export function rasToLps(m: Affine): Affine {
  return m.map((value, n) => (n < 8 ? 0 - value : value)) as unknown as Affine;
}
