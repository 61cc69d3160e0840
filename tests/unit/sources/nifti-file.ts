import type { SourceFile } from "#sources";
import { memoryFile } from "./files.ts";

/** Header fields of a small NIfTI-1 file made for a test; the rest is plausible. */
export interface NiftiFields {
  readonly dim?: readonly number[];
  readonly datatype?: number;
  readonly bitpix?: number;
  readonly littleEndian?: boolean;
  readonly voxOffset?: number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly pixdim?: readonly number[];
  readonly sformCode?: number;
  readonly srow?: readonly number[];
  readonly qformCode?: number;
  readonly quatern?: readonly number[];
  readonly units?: number;
  readonly magic?: string;
}

export function niftiHeader(fields: NiftiFields = {}): Uint8Array {
  const head = new Uint8Array(352);
  const view = new DataView(head.buffer);
  const le = fields.littleEndian ?? true;
  view.setInt32(0, 348, le);
  for (const [n, value] of (fields.dim ?? [3, 4, 3, 2, 1, 1, 1, 1]).entries()) view.setInt16(40 + 2 * n, value, le);
  view.setInt16(70, fields.datatype ?? 2, le);
  view.setInt16(72, fields.bitpix ?? 0, le);
  for (const [n, value] of (fields.pixdim ?? [1, 1, 1, 1]).entries()) view.setFloat32(76 + 4 * n, value, le);
  view.setFloat32(108, fields.voxOffset ?? 352, le);
  view.setFloat32(112, fields.slope ?? 0, le);
  view.setFloat32(116, fields.intercept ?? 0, le);
  head[123] = fields.units ?? 2;
  view.setInt16(252, fields.qformCode ?? 0, le);
  view.setInt16(254, fields.sformCode ?? 1, le);
  for (const [n, value] of (fields.quatern ?? [0, 0, 0, 0, 0, 0]).entries()) view.setFloat32(256 + 4 * n, value, le);
  for (const [n, value] of (fields.srow ?? [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]).entries())
    view.setFloat32(280 + 4 * n, value, le);
  head.set(new TextEncoder().encode(fields.magic ?? "n+1"), 344);
  return head;
}

export function niftiFile(fields: NiftiFields, voxels: Uint8Array, name = "made.nii"): SourceFile {
  return memoryFile(name, niftiHeader(fields), voxels);
}
