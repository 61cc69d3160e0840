import { normalize, type Vec3 } from "#base";
import type { VoxelType } from "#volume";
import type { ExportFile } from "./export-file.ts";
import { requireEvenSlices, type VoxelStream, voxelBytes } from "./voxel-stream.ts";

/** MetaImage's names of our voxel types. */
const ELEMENT_TYPE: Readonly<Record<VoxelType, string>> = {
  uint8: "MET_UCHAR",
  int8: "MET_CHAR",
  uint16: "MET_USHORT",
  int16: "MET_SHORT",
  uint32: "MET_UINT",
  int32: "MET_INT",
  float32: "MET_FLOAT",
};

/**
 * A `.mha` (MetaImage) in LPS, the whole affine kept with its shear; frames are a fourth axis. Uncompressed: MetaImage puts the
 * compressed size before the data, which a stream does not know. The stream's rescale must be the identity. Throws
 * `unsupported` for an uneven stack.
 */
export function mhaFile(stream: VoxelStream, name: string): ExportFile {
  requireEvenSlices(stream.grid, "MetaImage", name);
  return { extension: ".mha", mediaType: "application/octet-stream", chunks: mhaBytes(stream), notes: [] };
}

async function* mhaBytes(stream: VoxelStream): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { grid, frames, voxelType } = stream;
  const more = frames > 1;
  const padded = (v: Vec3 | readonly number[], last: number): string => [...v, ...(more ? [last] : [])].join(" ");
  // Rows of TransformMatrix are the directions of the index axes.
  const rows = [0, 1, 2].map((axis) => padded(normalize(grid.axis(axis)), 0));
  const lines = [
    "ObjectType = Image",
    `NDims = ${more ? 4 : 3}`,
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = False",
    `TransformMatrix = ${[...rows, ...(more ? ["0 0 0 1"] : [])].join(" ")}`,
    `Offset = ${padded(grid.originMm, 0)}`,
    `CenterOfRotation = ${padded([0, 0, 0], 0)}`,
    `ElementSpacing = ${padded(grid.spacingMm, 1)}`,
    `DimSize = ${padded(grid.dims, frames)}`,
    `ElementType = ${ELEMENT_TYPE[voxelType]}`,
    "ElementDataFile = LOCAL",
  ];
  yield new TextEncoder().encode(`${lines.join("\n")}\n`);
  yield* voxelBytes(stream);
}
