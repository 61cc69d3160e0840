import type { Vec3 } from "#base";
import type { ExportFile } from "./export-file.ts";
import { gzip } from "./gzip.ts";
import { requireEvenSlices, type VoxelStream, voxelBytes } from "./voxel-stream.ts";

/** What goes into a NRRD file beside the voxels. */
export interface NrrdOptions {
  /** Name of the study, for error lines. */
  readonly name: string;
  /** Key/value pairs of the header, in order; values may hold any text. */
  readonly fields?: readonly (readonly [key: string, value: string])[];
  /** `sample units`: the unit of voxel values; left out when empty. */
  readonly unit?: string;
  readonly extension?: string;
}

/** NRRD's names of our voxel types (Teem, nrrd/format.html section 5). */
const TYPE_NAME = {
  uint8: "uint8",
  int8: "int8",
  uint16: "uint16",
  int16: "int16",
  uint32: "uint32",
  int32: "int32",
  float32: "float",
} as const;

/**
 * A `.nrrd` with attached gzip data, in LPS, the whole affine kept with its shear; frames are a fourth, slowest axis of kind
 * `list`. The stream's rescale must be the identity. Throws `unsupported` for an uneven stack.
 */
export function nrrdFile(
  stream: VoxelStream,
  { name, fields = [], unit = "", extension = ".nrrd" }: NrrdOptions,
): ExportFile {
  requireEvenSlices(stream.grid, "NRRD", name);
  const { grid, frames, voxelType } = stream;
  const vector = (v: Vec3): string => `(${v.map((n) => String(n)).join(",")})`;
  const axes = [0, 1, 2].map((axis) => vector(grid.axis(axis)));
  const several = frames > 1;
  const lines = [
    "NRRD0005",
    "# Complete NRRD file format specification at:",
    "# http://teem.sourceforge.net/nrrd/format.html",
    `type: ${TYPE_NAME[voxelType]}`,
    `dimension: ${several ? 4 : 3}`,
    "space: left-posterior-superior",
    `sizes: ${[...grid.dims, ...(several ? [frames] : [])].join(" ")}`,
    `space directions: ${[...axes, ...(several ? ["none"] : [])].join(" ")}`,
    `kinds: domain domain domain${several ? " list" : ""}`,
    "endian: little",
    "encoding: gzip",
    `space origin: ${vector(grid.originMm)}`,
    ...(unit ? [`sample units: "${unit}"`] : []),
    ...fields.map(([key, value]) => `${key}:=${escapeValue(value)}`),
  ];
  const header = new TextEncoder().encode(`${lines.join("\n")}\n\n`);
  return { extension, mediaType: "application/octet-stream", chunks: headed(header, stream), notes: [] };
}

async function* headed(header: Uint8Array<ArrayBuffer>, stream: VoxelStream): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield header;
  yield* gzip(voxelBytes(stream));
}

/** NRRD key/value pairs take one line: a backslash and a line break are escaped. */
function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll(/\r\n?|\n/g, "\\n");
}
