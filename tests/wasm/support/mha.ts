import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import type { FlatVolume } from "./volumes.ts";

/** Reads a compressed MetaImage of 16-bit voxels as far as tests of kernels need. */
export function readMha(path: string): FlatVolume & { readonly spacingMm: readonly [number, number, number] } {
  const bytes = readFileSync(path);
  const mark = "ElementDataFile = LOCAL\n";
  const head = bytes.indexOf(mark);
  const fields = new Map(
    bytes
      .subarray(0, head)
      .toString()
      .split("\n")
      .map((line) => line.split(" = ") as [string, string]),
  );
  if (fields.get("ElementType") !== "MET_SHORT") throw new Error(`${path} is not a MetaImage that tests can read.`);
  const numbers = (name: string) => fields.get(name)!.trim().split(/\s+/).map(Number) as [number, number, number];
  const raw = inflateSync(bytes.subarray(head + mark.length));
  const voxels = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
  return { dims: numbers("DimSize"), type: "int16", spacingMm: numbers("ElementSpacing"), voxels };
}
