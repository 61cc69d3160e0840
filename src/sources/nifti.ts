import type { ProgressOptions } from "#base";
import type { Dims, VolumeDescription } from "#volume";
import type { BodyPart } from "./body.ts";
import { checkGzipSize, checkRawSize, type SizeCheck } from "./compressed-size.ts";
import { findFile } from "./detached.ts";
import { gunzipHead, isGzip } from "./gzip.ts";
import { EXTENSION_MAX_BYTES } from "./limits.ts";
import { niftiGeometry } from "./nifti-geometry.ts";
import { looksLikeNifti, type NiftiHeader, niftiType, parseNiftiHeader } from "./nifti-header.ts";
import { plannedSeries, volumeName, withNotes } from "./planned-series.ts";
import { readEach } from "./read-each.ts";
import type { SourceFile, SourceReader } from "./source.ts";
import { formatBytes, sourceError } from "./source-errors.ts";
import { checkSliceSize, planBytes, type VolumePlan } from "./volume-plan.ts";
import { conversionNote, heldAs, type SourceType, sourceBytes } from "./voxel-conversion.ts";

/** NIfTI-1, NIfTI-2 (one file or pair, plain or gzip) and Analyze 7.5 pairs. */
export const niftiReader: SourceReader = {
  name: "NIfTI",
  recognises: (head) => looksLikeNifti(head),
  open: (files, all, options = {}) =>
    readEach(files, options, async (file) => {
      const { plan, used } = await planNifti(file, all, options);
      return { series: [plannedSeries(plan, file, "nifti")], used };
    }),
};

/** NIfTI intents whose fifth dimension holds components of one value (nifti1.h, statistics aside). */
const INTENT_NAMES: ReadonlyMap<number, string> = new Map([
  [1004, "matrix"],
  [1005, "symmetric matrix"],
  [1006, "displacement vector"],
  [1007, "vector"],
  [1008, "point set"],
  [1009, "triangle"],
  [1010, "quaternion"],
  [2003, "RGB vector"],
  [2004, "RGBA vector"],
]);

async function planNifti(
  file: SourceFile,
  all: readonly SourceFile[],
  options: ProgressOptions,
): Promise<{ plan: VolumePlan; used: string[] }> {
  const head = await readHead(file.blob, 544);
  const img = findImg(file.name, all);
  const header = parseNiftiHeader(head, file.name, img !== undefined);
  const sourceType = niftiType(header, file.name);
  const { dims, frames, notes: dimNotes } = checkedDims(header, file.name);
  const body = header.pair ? pairImg(file, img) : file;
  const { scale, notes: scaleNotes } = scaling(header, sourceType);
  const geometry = niftiGeometry(header, dims);
  const notes = [...dimNotes, ...geometry.notes, ...scaleNotes];
  const converted = conversionNote(sourceType);
  if (converted) notes.push(converted);

  const description: VolumeDescription = {
    name: volumeName(file.name),
    grid: { dims, indexToLps: geometry.indexToLps },
    voxelType: heldAs(sourceType),
    ...(converted ? { sourceType } : {}),
    rescale: scale,
    unit: "",
    modality: "",
    frames,
    ...windowOf(header),
    notes,
    metadata: metadataOf(file, header),
    format: header.format,
    ...(geometry.missingSpacing ? { missingSpacing: geometry.missingSpacing } : {}),
  };
  const needed = planBytes({ description, sourceType });
  const offset = voxelOffset(header, file.name);
  const { part, notes: sizeNotes } = await locate(body, offset.start, needed, options);
  const bitNotes = checkBitpix(header, sourceType, file.name, sizeNotes);
  const extensionNotes = await checkExtensions(file, header, offset.start, sizeNotes.length === 0);
  const plan: VolumePlan = {
    subject: file.name,
    description: withNotes(description, [...offset.notes, ...sizeNotes, ...bitNotes, ...extensionNotes]),
    sourceType,
    littleEndian: header.littleEndian,
    frameAxis: 3,
    parts: [part],
  };
  checkSliceSize(plan);
  return { plan, used: header.pair ? [body.name] : [] };
}

/** The first bytes, inflated where the file is gzip. */
async function readHead(blob: Blob, size: number): Promise<Uint8Array> {
  const raw = new Uint8Array(await blob.slice(0, size).arrayBuffer());
  return isGzip(raw) ? gunzipHead(blob, size) : raw;
}

function findImg(name: string, all: readonly SourceFile[]): SourceFile | undefined {
  const stem = name.replace(/\.hdr(\.gz)?$/i, "");
  if (stem === name) return undefined;
  return findFile(`${stem}.img`, all) ?? findFile(`${stem}.img.gz`, all);
}

function pairImg(file: SourceFile, img: SourceFile | undefined): SourceFile {
  if (img) return img;
  const wanted = file.name.replace(/\.(hdr|nii)?(\.gz)?$/i, ".img");
  throw sourceError(
    file.name,
    `Its voxels are in a second file, “${wanted.slice(wanted.lastIndexOf("/") + 1)}”, which was not given.`,
    "Open both files together.",
  );
}

function checkedDims(header: NiftiHeader, subject: string): { dims: Dims; frames: number; notes: string[] } {
  const count = header.dim[0]!;
  if (!Number.isInteger(count) || count < 1 || count > 7) {
    throw sourceError(
      subject,
      `The header claims ${count} dimensions; 1 to 7 are possible.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  }
  const sizes = [1, 2, 3, 4, 5, 6, 7].map((n) => (n <= count ? header.dim[n]! : 1));
  const bad = sizes.findIndex((size) => !Number.isSafeInteger(size) || size < 1);
  if (bad >= 0) {
    throw sourceError(
      subject,
      `Dimension ${bad + 1} has size ${sizes[bad]}; it must be 1 or more.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  }
  const frames = sizes.slice(3).reduce((product, size) => product * size, 1);
  const notes: string[] = [];
  const components = sizes.slice(4).reduce((product, size) => product * size, 1);
  if (components > 1) {
    const intent = INTENT_NAMES.get(header.intentCode);
    notes.push(
      sizes[3] === 1
        ? `The ${frames} frames are components${intent ? ` of a ${intent}` : ""}, not time points.`
        : `The ${frames} frames are ${sizes[3]} time points times ${components} components.`,
    );
  }
  return { dims: [sizes[0]!, sizes[1]!, sizes[2]!], frames, notes };
}

/** A slope of 0 means none (nifti1.h); one that is not finite cannot be meant. */
function scaling(
  header: NiftiHeader,
  type: SourceType,
): { scale: { slope: number; intercept: number }; notes: string[] } {
  const none = { slope: 1, intercept: 0 };
  const { slope, intercept } = header;
  if (slope === 0 || (slope === 1 && intercept === 0)) return { scale: none, notes: [] };
  if (!Number.isFinite(slope) || !Number.isFinite(intercept)) {
    return {
      scale: none,
      notes: [
        `The header's scaling (slope ${slope}, intercept ${intercept}) is not finite; values are shown as stored.`,
      ],
    };
  }
  if (type === "rgb24" || type === "rgba32") return { scale: none, notes: [] };
  if (type === "complex64" || type === "complex128") {
    return { scale: none, notes: ["The header's scaling is not applied to magnitudes of complex values."] };
  }
  return { scale: { slope, intercept }, notes: [] };
}

function voxelOffset(header: NiftiHeader, subject: string): { start: number; notes: string[] } {
  const { voxOffset, pair, headerBytes } = header;
  if (!Number.isFinite(voxOffset) || voxOffset < 0 || !Number.isInteger(voxOffset)) {
    throw sourceError(
      subject,
      `The header says that voxels begin at byte ${voxOffset}.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  }
  if (pair || voxOffset >= headerBytes) return { start: voxOffset, notes: [] };
  const start = headerBytes + 4;
  return {
    start,
    notes: [`The header says that voxels begin inside it, at byte ${voxOffset}; they were read from byte ${start}.`],
  };
}

async function locate(
  body: SourceFile,
  start: number,
  needed: number,
  options: ProgressOptions,
): Promise<{ part: BodyPart; notes: readonly string[] }> {
  const { name, blob } = body;
  const gzip = isGzip(new Uint8Array(await blob.slice(0, 3).arrayBuffer()));
  if (!gzip && start > blob.size) {
    throw sourceError(
      name,
      `The header says that voxels begin at byte ${start}, past the end of the file (${blob.size} bytes).`,
      "The header is damaged or the file was cut off; get a fresh copy of it.",
    );
  }
  const check: SizeCheck = gzip
    ? await checkGzipSize(blob, name, start + needed, { signal: options.signal })
    : checkRawSize(name, needed, blob.size - start);
  return { part: { name, blob, start, encoding: gzip ? "gzip-file" : "raw", byteLength: needed }, notes: check.notes };
}

/** bitpix repeats what datatype says. When it differs, the size of the file must bear the datatype out. */
function checkBitpix(header: NiftiHeader, type: SourceType, subject: string, sizeNotes: readonly string[]): string[] {
  const bits = sourceBytes(type) * 8;
  if (header.bitpix === bits || header.bitpix === 0) return [];
  if (sizeNotes.length > 0) {
    throw sourceError(
      subject,
      `The header contradicts itself: datatype ${type} has ${bits} bits, bitpix says ${header.bitpix}, and the file fits neither.`,
      "Get a fresh copy of the file.",
    );
  }
  return [
    `The header contradicts itself: bitpix says ${header.bitpix} bits, the datatype (${type}) has ${bits}. The size of the file bears out the datatype, which is used.`,
  ];
}

/**
 * Walks the header extensions of a single file (nifti1.h, “extended header”). One that runs past the voxels' start is left
 * out with a note when the file's size bears out where the voxels begin, and else refused: the voxels could be anywhere.
 */
async function checkExtensions(
  file: SourceFile,
  header: NiftiHeader,
  voxelStart: number,
  exactSize: boolean,
): Promise<string[]> {
  if (header.pair) return [];
  const bytes = await readHead(file.blob, Math.max(header.headerBytes + 12, Math.min(voxelStart, EXTENSION_MAX_BYTES)));
  if (bytes.length < header.headerBytes + 12 || bytes[header.headerBytes] === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = header.headerBytes + 4;
  if (at === voxelStart && exactSize) return [];
  do {
    const size = view.getInt32(at, header.littleEndian);
    if (size < 8 || at + size > voxelStart) {
      const claim = `A header extension claims ${size < 0 ? size : formatBytes(size)}`;
      if (exactSize) return [`${claim} and was left out; the voxels are not affected.`];
      throw sourceError(
        file.name,
        `${claim}, more than lies before the voxels at byte ${voxelStart}; where they begin is uncertain.`,
        "The header is damaged; get a fresh copy of the file.",
      );
    }
    at += size;
  } while (at + 8 <= voxelStart && at + 8 <= bytes.length);
  return [];
}

function windowOf({ calMin, calMax }: NiftiHeader): { window?: { center: number; width: number } } {
  if (!Number.isFinite(calMin) || !Number.isFinite(calMax) || calMax <= calMin) return {};
  return { window: { center: (calMin + calMax) / 2, width: calMax - calMin } };
}

function metadataOf(file: SourceFile, header: NiftiHeader): Record<string, string> {
  const spaces = ["", "scanner", "aligned to another file", "Talairach", "MNI 152", "other template"];
  const space = spaces[header.sformCode > 0 ? header.sformCode : header.qformCode];
  return {
    File: file.name,
    ...(header.description ? { Description: header.description } : {}),
    ...(header.intentName ? { Intent: header.intentName } : {}),
    ...(space ? { Space: space } : {}),
  };
}
