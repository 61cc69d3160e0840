import { type Affine, invertAffine, type Vec3 } from "#base";
import type { Dims, VolumeDescription } from "#volume";
import { checkGzipSize, checkRawSize } from "./compressed-size.ts";
import { gunzipHead, isGzip } from "./gzip.ts";
import { rasToLps } from "./nifti-geometry.ts";
import { missingSpacing, NO_SIZE_IN_HEADER } from "./missing-spacing.ts";
import { plannedSeries, volumeName, withNotes } from "./planned-series.ts";
import { readEach } from "./read-each.ts";
import type { SourceFile, SourceReader } from "./source.ts";
import { sourceError } from "./source-errors.ts";
import { checkSliceSize, planBytes, type VolumePlan } from "./volume-plan.ts";
import type { SourceType } from "./voxel-conversion.ts";

/** Voxels begin here (FreeSurfer mgh format: 284 bytes, big endian). */
const HEADER_BYTES = 284;

const TYPES: ReadonlyMap<number, SourceType & ("uint8" | "int32" | "float32" | "int16" | "uint16")> = new Map([
  [0, "uint8"],
  [1, "int32"],
  [3, "float32"],
  [4, "int16"],
  [10, "uint16"],
]);

/** FreeSurfer MGH and MGZ. Format: surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat. */
export const mghReader: SourceReader = {
  name: "MGH",
  recognises: (head) => {
    if (head.length < HEADER_BYTES) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    // Version 1, and a size below 2¹⁶ on each axis: the first four bytes alone are no safe sign.
    return (
      view.getInt32(0) === 1 && [4, 8, 12, 16].every((at) => view.getUint16(at) === 0) && TYPES.has(view.getInt32(20))
    );
  },
  open: (files, _all, options = {}) =>
    readEach(files, options, async (file) => ({
      series: [plannedSeries(await planMgh(file, options.signal), file, "mgh")],
    })),
};

async function planMgh(file: SourceFile, signal?: AbortSignal): Promise<VolumePlan> {
  const { name, blob } = file;
  const raw = new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer());
  const gzip = isGzip(raw);
  const head = gzip ? await gunzipHead(blob, HEADER_BYTES) : raw;
  if (head.length < HEADER_BYTES)
    throw sourceError(
      name,
      `The file ends inside its header, after ${head.length} of ${HEADER_BYTES} bytes.`,
      "Get a fresh copy of it.",
    );
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [width, height, depth, frames] = [4, 8, 12, 16].map((at) => view.getInt32(at)) as [
    number,
    number,
    number,
    number,
  ];
  if (Math.min(width, height, depth, frames) < 1) {
    throw sourceError(
      name,
      `The header claims ${width}×${height}×${depth} voxels and ${frames} frames; each must be 1 or more.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  }
  const voxelType = TYPES.get(view.getInt32(20));
  if (!voxelType)
    throw sourceError(
      name,
      `The voxel type ${view.getInt32(20)} does not exist.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  const dims: Dims = [width, height, depth];
  const { indexToLps, notes, ...sizes } = geometry(view, dims);
  const description: VolumeDescription = {
    name: volumeName(name),
    grid: { dims, indexToLps },
    voxelType,
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames,
    notes,
    metadata: { File: name },
    format: gzip ? "MGZ" : "MGH",
    ...sizes,
  };
  const needed = planBytes({ description, sourceType: voxelType });
  // Scan parameters and tags may follow the voxels.
  const check = gzip
    ? await checkGzipSize(blob, name, HEADER_BYTES + needed, { tailAllowed: true, ...(signal ? { signal } : {}) })
    : checkRawSize(name, needed, blob.size - HEADER_BYTES, true);
  const plan: VolumePlan = {
    subject: name,
    description: withNotes(description, check.notes),
    sourceType: voxelType,
    littleEndian: false,
    frameAxis: 3,
    parts: [{ name, blob, start: HEADER_BYTES, encoding: gzip ? "gzip-file" : "raw", byteLength: needed }],
  };
  checkSliceSize(plan);
  return plan;
}

/** Direction cosines and the RAS of the volume's middle; without them FreeSurfer takes a coronal 1 mm volume. */
function geometry(
  view: DataView,
  dims: Dims,
): { indexToLps: Affine; notes: string[] } & Pick<VolumeDescription, "missingSpacing"> {
  const given = view.getInt16(28) === 1;
  const numbers = Array.from({ length: 15 }, (_, n) => view.getFloat32(30 + 4 * n));
  let affine = given ? rasAffine(numbers, dims) : undefined;
  if (affine?.every(Number.isFinite) && invertAffine(affine)) return { indexToLps: rasToLps(affine), notes: [] };
  affine = rasAffine([1, 1, 1, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0], dims);
  const orientation = given
    ? "The orientation in the header cannot be used; a coronal volume is assumed, so sides may be wrong."
    : "The header gives no orientation; a coronal volume is assumed, as FreeSurfer does.";
  const middle = dims.map((n) => n / 2) as unknown as Vec3;
  return {
    indexToLps: rasToLps(affine),
    notes: [orientation, NO_SIZE_IN_HEADER],
    ...missingSpacing([true, true, true], [NO_SIZE_IN_HEADER], middle),
  };
}

/** Spacing, x, y and z direction, centre: M = D·S, origin = centre − M·dims/2. */
function rasAffine(n: readonly number[], dims: Dims): Affine {
  const row = (r: number): [number, number, number, number] => {
    const m = [0, 1, 2].map((axis) => n[3 + axis * 3 + r]! * n[axis]!) as [number, number, number];
    return [...m, n[12 + r]! - (m[0] * dims[0] + m[1] * dims[1] + m[2] * dims[2]) / 2];
  };
  return [...row(0), ...row(1), ...row(2)];
}
