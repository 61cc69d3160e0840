import { length } from "#base";
import type { ImageGrid, VoxelType } from "#volume";
import { qformOf } from "./nifti-qform.ts";

/** NIFTI_INTENT_LABEL (nifti1.h): voxels are indices into a list of labels. */
export const INTENT_LABEL = 1002;

/** Largest dimension of NIfTI-1, whose `dim` is int16. */
const NIFTI1_MAX_DIM = 32767;

/** NIFTI_XFORM_SCANNER_ANAT. */
const SCANNER_ANAT = 1;

/** NIFTI_UNITS_MM. */
const UNITS_MM = 2;

/** `datatype` codes (nifti1.h). */
const DATATYPE: Readonly<Record<VoxelType, { code: number; bits: number }>> = {
  uint8: { code: 2, bits: 8 },
  int16: { code: 4, bits: 16 },
  int32: { code: 8, bits: 32 },
  float32: { code: 16, bits: 32 },
  int8: { code: 256, bits: 8 },
  uint16: { code: 512, bits: 16 },
  uint32: { code: 768, bits: 32 },
};

/** What a NIfTI header says beside the geometry. */
export interface NiftiFields {
  readonly grid: ImageGrid;
  readonly frames: number;
  readonly voxelType: VoxelType;
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** `intent_code`; 0 for none. */
  readonly intent: number;
  /** Cut to 79 bytes of UTF-8. */
  readonly description: string;
}

/** 1, or 2 when a dimension is above 32,767. */
export function niftiVersion({ grid, frames }: Pick<NiftiFields, "grid" | "frames">): 1 | 2 {
  return Math.max(...grid.dims, frames) > NIFTI1_MAX_DIM ? 2 : 1;
}

/**
 * The header of a single-file NIfTI with the empty extension flag: 352 bytes (NIfTI-1) or 544 (NIfTI-2), little-endian.
 * sform holds the whole affine, in RAS; qform is set when a rotation and a spacing say the same to 0.1 mm, else its code is 0.
 */
export function niftiHeader(fields: NiftiFields): Uint8Array<ArrayBuffer> {
  return niftiVersion(fields) === 1 ? nifti1Header(fields) : nifti2Header(fields);
}

function nifti1Header({ grid, frames, voxelType, rescale, intent, description }: NiftiFields): Uint8Array<ArrayBuffer> {
  const { bytes, view } = blank(352);
  const { code, bits } = DATATYPE[voxelType];
  const qform = qformOf(grid, Math.fround);
  view.setInt32(0, 348, true);
  view.setUint8(38, "r".charCodeAt(0));
  dimOf(grid, frames).forEach((n, at) => view.setInt16(40 + at * 2, n, true));
  view.setInt16(68, intent, true);
  view.setInt16(70, code, true);
  view.setInt16(72, bits, true);
  pixdimOf(grid, qform?.qfac ?? 1).forEach((n, at) => view.setFloat32(76 + at * 4, n, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, rescale.slope, true);
  view.setFloat32(116, rescale.intercept, true);
  view.setUint8(123, UNITS_MM);
  writeText(bytes, 148, 80, description);
  view.setInt16(252, qform ? SCANNER_ANAT : 0, true);
  view.setInt16(254, SCANNER_ANAT, true);
  [...(qform?.quaternion ?? [0, 0, 0]), ...(qform?.offset ?? [0, 0, 0])].forEach((n, at) =>
    view.setFloat32(256 + at * 4, n, true),
  );
  sformOf(grid).forEach((n, at) => view.setFloat32(280 + at * 4, n, true));
  writeText(bytes, 344, 4, "n+1");
  return bytes;
}

function nifti2Header({ grid, frames, voxelType, rescale, intent, description }: NiftiFields): Uint8Array<ArrayBuffer> {
  const { bytes, view } = blank(544);
  const { code, bits } = DATATYPE[voxelType];
  const qform = qformOf(grid, (value) => value);
  view.setInt32(0, 540, true);
  writeText(bytes, 4, 4, "n+2");
  bytes.set([0x0d, 0x0a, 0x1a, 0x0a], 8);
  view.setInt16(12, code, true);
  view.setInt16(14, bits, true);
  dimOf(grid, frames).forEach((n, at) => view.setBigInt64(16 + at * 8, BigInt(n), true));
  pixdimOf(grid, qform?.qfac ?? 1).forEach((n, at) => view.setFloat64(104 + at * 8, n, true));
  view.setBigInt64(168, 544n, true);
  view.setFloat64(176, rescale.slope, true);
  view.setFloat64(184, rescale.intercept, true);
  writeText(bytes, 240, 80, description);
  view.setInt32(344, qform ? SCANNER_ANAT : 0, true);
  view.setInt32(348, SCANNER_ANAT, true);
  [...(qform?.quaternion ?? [0, 0, 0]), ...(qform?.offset ?? [0, 0, 0])].forEach((n, at) =>
    view.setFloat64(352 + at * 8, n, true),
  );
  sformOf(grid).forEach((n, at) => view.setFloat64(400 + at * 8, n, true));
  view.setInt32(500, UNITS_MM, true);
  view.setInt32(504, intent, true);
  return bytes;
}

function blank(size: number): { bytes: Uint8Array<ArrayBuffer>; view: DataView } {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

function dimOf({ dims }: ImageGrid, frames: number): number[] {
  return [frames > 1 ? 4 : 3, ...dims, frames, 1, 1, 1];
}

function pixdimOf(grid: ImageGrid, qfac: 1 | -1): number[] {
  const spacing = [0, 1, 2].map((axis) => length(grid.axis(axis)));
  return [qfac, ...spacing, 1, 1, 1, 1];
}

/** Rows of the index-to-RAS affine: x and y change sign against LPS. */
function sformOf({ indexToLps: m }: ImageGrid): number[] {
  return m.map((value, at) => (at < 8 ? -value || 0 : value));
}

/** Writes UTF-8 text, cut at a whole character so that a closing zero is left. */
function writeText(bytes: Uint8Array, at: number, size: number, text: string): void {
  let cut = text;
  while (new TextEncoder().encode(cut).length >= size) cut = [...cut].slice(0, -1).join("");
  bytes.set(new TextEncoder().encode(cut), at);
}
