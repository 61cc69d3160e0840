import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { type VoxelType, viewVoxels } from "#volume";
import { readNifti } from "./nifti.ts";
import type { FlatVolume } from "./volumes.ts";

const META_TYPES: Readonly<Record<string, VoxelType>> = {
  MET_UCHAR: "uint8",
  MET_SHORT: "int16",
  MET_USHORT: "uint16",
  MET_FLOAT: "float32",
};

/** Reads a scan as far as tests of kernels need: NIfTI-1 or a MetaImage in one file, little-endian, stored voxels and spacing. */
export function readScan(path: string): FlatVolume & { readonly spacingMm: readonly [number, number, number] } {
  if (!path.endsWith(".mha")) return readNifti(path);
  const raw = readFileSync(path);
  const end = raw.indexOf("\n", raw.indexOf("ElementDataFile")) + 1;
  const lines = raw.subarray(0, end).toString("latin1").trim().split("\n");
  const fields = new Map(lines.map((line) => line.split(" = ") as [string, string]));
  const numbers = (name: string) => fields.get(name)!.trim().split(" ").map(Number) as [number, number, number];
  const type = META_TYPES[fields.get("ElementType")!.trim()];
  if (!type) throw new Error(`${path} is not a MetaImage that tests can read.`);
  const body = raw.subarray(end);
  const bytes = fields.get("CompressedData")?.trim() === "True" ? inflateSync(body) : body;
  const dims = numbers("DimSize");
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return {
    dims,
    type,
    spacingMm: numbers("ElementSpacing"),
    voxels: viewVoxels(type, own, 0, dims[0] * dims[1] * dims[2]),
  };
}
