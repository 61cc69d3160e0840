import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type VoxelType, viewVoxels } from "#volume";
import type { FlatVolume } from "./volumes.ts";

const TYPES: Readonly<Record<number, VoxelType>> = {
  2: "uint8",
  4: "int16",
  8: "int32",
  16: "float32",
  256: "int8",
  512: "uint16",
  768: "uint32",
};

/** Reads a little-endian NIfTI-1 file as far as tests of kernels need: stored voxels and spacing. */
export function readNifti(path: string): FlatVolume & { readonly spacingMm: readonly [number, number, number] } {
  const raw = readFileSync(path);
  const bytes = path.endsWith(".gz") ? gunzipSync(raw) : raw;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = TYPES[view.getInt16(70, true)];
  if (view.getInt32(0, true) !== 348 || !type) throw new Error(`${path} is not a NIfTI file that tests can read.`);
  const dims = [view.getInt16(42, true), view.getInt16(44, true), view.getInt16(46, true)] as const;
  const spacingMm = [view.getFloat32(80, true), view.getFloat32(84, true), view.getFloat32(88, true)] as const;
  const offset = view.getFloat32(108, true);
  const own = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + bytes.byteLength);
  return { dims, type, spacingMm, voxels: viewVoxels(type, own, 0, dims[0] * dims[1] * dims[2]) };
}
