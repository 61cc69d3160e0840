import type { VolumeDescription } from "#volume";
import type { BodyPart } from "./body.ts";
import { checkGzipSize, checkRawSize } from "./compressed-size.ts";
import { resolveDetached } from "./detached.ts";
import { isGzip } from "./gzip.ts";
import { DETACHED_MAX_FILES, HEADER_MAX_BYTES } from "./limits.ts";
import { nrrdLayout } from "./nrrd-geometry.ts";
import { type NrrdHeader, parseNrrdHeader } from "./nrrd-header.ts";
import { plannedSeries, volumeName, withNotes } from "./planned-series.ts";
import { readEach } from "./read-each.ts";
import { readSegNrrdSegments, segmentationOrigin } from "./seg-nrrd.ts";
import type { SourceFile, SourceReader, SourceSegment } from "./source.ts";
import { sourceError, unsupportedError } from "./source-errors.ts";
import { expandPattern, readHeaderText } from "./text-header.ts";
import { leastTextBytes } from "./text-voxels.ts";
import { checkSliceSize, planBytes, type VolumePlan } from "./volume-plan.ts";
import { conversionNote, heldAs, sourceBytes } from "./voxel-conversion.ts";

/** NRRD, attached or detached (.nhdr), and 3D Slicer's .seg.nrrd. */
export const nrrdReader: SourceReader = {
  name: "NRRD",
  recognises: (head) => new TextDecoder("latin1").decode(head.subarray(0, 7)) === "NRRD000",
  open: (files, all, options = {}) =>
    readEach(files, options, async (file) => {
      const { plan, used, segments } = await planNrrd(file, all, options.signal);
      return { series: [plannedSeries(plan, file, "nrrd", segments)], used };
    }),
};

interface PlannedNrrd {
  readonly plan: VolumePlan;
  readonly used: readonly string[];
  readonly segments: readonly SourceSegment[] | undefined;
}

async function planNrrd(file: SourceFile, all: readonly SourceFile[], signal?: AbortSignal): Promise<PlannedNrrd> {
  const header = parseNrrdHeader(await readHeaderText(file.blob), file.name, file.blob.size);
  const { sourceType } = header;
  const layout = nrrdLayout(header, file.name);
  const converted = conversionNote(sourceType);
  const segments = readSegNrrdSegments(header);
  const description: VolumeDescription = {
    name: volumeName(file.name),
    grid: { dims: layout.dims, indexToLps: segmentationOrigin(header, layout.indexToLps) },
    voxelType: heldAs(sourceType),
    ...(converted ? { sourceType } : {}),
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames: layout.frames,
    notes: converted ? [...layout.notes, converted] : layout.notes,
    metadata: metadataOf(file, header),
    format: segments ? "NRRD segmentation" : "NRRD",
    ...(layout.missingSpacing ? { missingSpacing: layout.missingSpacing } : {}),
  };
  const { parts, notes } = await locate(file, header, planBytes({ description, sourceType }), all, signal);
  const plan: VolumePlan = {
    subject: file.name,
    description: withNotes(description, notes),
    sourceType,
    littleEndian: header.littleEndian || header.encoding === "ascii",
    frameAxis: layout.frameAxis,
    parts,
  };
  checkSliceSize(plan);
  return { plan, segments, used: parts.map((part) => part.name).filter((name) => name !== file.name) };
}

async function locate(
  file: SourceFile,
  header: NrrdHeader,
  needed: number,
  all: readonly SourceFile[],
  signal?: AbortSignal,
): Promise<{ parts: BodyPart[]; notes: string[] }> {
  const files = dataFiles(file, header, all);
  if (files.length === 0 || needed % files.length !== 0) {
    throw sourceError(
      file.name,
      `The header lists ${files.length} data files, among which the voxels cannot be shared evenly.`,
      "Correct the header.",
    );
  }
  const share = needed / files.length;
  const parts: BodyPart[] = [];
  const notes = new Set<string>();
  for (const { name, blob } of files) {
    signal?.throwIfAborted();
    const local = header.dataFile === undefined;
    const { part, found } = await locatePart(name, blob, local ? header.headerBytes : 0, share, header, signal);
    parts.push(part);
    for (const note of found) notes.add(files.length > 1 ? `${name}: ${note}` : note);
  }
  return { parts, notes: [...notes] };
}

async function locatePart(
  name: string,
  blob: Blob,
  dataStart: number,
  share: number,
  header: NrrdHeader,
  signal?: AbortSignal,
): Promise<{ part: BodyPart; found: readonly string[] }> {
  const start = await afterLines(blob, dataStart, header.lineSkip, name);
  const { byteSkip, encoding, sourceType } = header;
  if (encoding === "raw") {
    const from = byteSkip === -1 ? blob.size - share : start + byteSkip;
    const check = checkRawSize(name, share, byteSkip === -1 ? blob.size - start : blob.size - from);
    return {
      part: { name, blob, start: from, encoding, byteLength: share },
      found: byteSkip === -1 ? [] : check.notes,
    };
  }
  if (encoding === "gzip") {
    if (byteSkip !== 0)
      throw unsupportedError(name, "“byte skip” inside gzip data is not read.", "Save the file again.");
    const body = start === 0 ? blob : blob.slice(start);
    if (!isGzip(new Uint8Array(await body.slice(0, 3).arrayBuffer()))) {
      throw sourceError(
        name,
        "The header says gzip, but the data is not gzip.",
        "The file is damaged; get a fresh copy of it.",
      );
    }
    const { notes } = await checkGzipSize(body, name, share, { signal });
    return { part: { name, blob, start, encoding, byteLength: share }, found: notes };
  }
  const from = start + Math.max(0, byteSkip);
  const least = leastTextBytes(encoding, share / sourceBytes(sourceType), sourceType);
  if (blob.size - from < least) checkRawSize(name, least, blob.size - from);
  return { part: { name, blob, start: from, encoding, textType: sourceType, byteLength: share }, found: [] };
}

/** Position after `lines` line ends; they are looked for only as far as a header may go. */
async function afterLines(blob: Blob, start: number, lines: number, subject: string): Promise<number> {
  if (lines === 0) return start;
  const bytes = new Uint8Array(await blob.slice(start, start + HEADER_MAX_BYTES).arrayBuffer());
  let at = 0;
  for (let n = 0; n < lines; n++) {
    const end = bytes.indexOf(10, at);
    if (end < 0)
      throw sourceError(subject, `The header asks to skip ${lines} lines, which are not there.`, "Correct the header.");
    at = end + 1;
  }
  return start + at;
}

function dataFiles(file: SourceFile, header: NrrdHeader, all: readonly SourceFile[]): SourceFile[] {
  const { dataFile } = header;
  if (dataFile === undefined) return [file];
  if (/^list\b/i.test(dataFile)) {
    if (header.listed.length > DETACHED_MAX_FILES)
      throw sourceError(file.name, `The header lists ${header.listed.length} files.`, "Correct the header.");
    return header.listed.map((name) => resolveDetached(file, name, all));
  }
  const pattern = expandPattern(dataFile, DETACHED_MAX_FILES);
  return pattern
    ? pattern.names.map((name) => resolveDetached(file, name, all))
    : [resolveDetached(file, dataFile, all)];
}

/** Key-value pairs that say something to a person; those of segments have their own place. */
function metadataOf(file: SourceFile, header: NrrdHeader): Record<string, string> {
  const metadata: Record<string, string> = { File: file.name };
  for (const [key, value] of header.keyValues) {
    if (!/^Segment(ation)?\d*_/.test(key) && value.length <= 500 && Object.keys(metadata).length < 100)
      metadata[key] = value;
  }
  return metadata;
}
