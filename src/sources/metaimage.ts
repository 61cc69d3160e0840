import { type Affine, invertAffine } from "#base";
import type { Dims, VolumeDescription } from "#volume";
import type { BodyPart } from "./body.ts";
import { checkRatio, checkRawSize } from "./compressed-size.ts";
import { resolveDetached } from "./detached.ts";
import { DETACHED_MAX_FILES } from "./limits.ts";
import { type MetaHeader, parseMetaHeader } from "./metaimage-header.ts";
import { missingSpacing, NO_SIZE_IN_HEADER, NO_THICKNESS } from "./missing-spacing.ts";
import { plannedSeries, volumeName, withNotes } from "./planned-series.ts";
import { readEach } from "./read-each.ts";
import type { SourceFile, SourceReader } from "./source.ts";
import { sourceError, unsupportedError } from "./source-errors.ts";
import { expandPattern, readHeaderText } from "./text-header.ts";
import { leastTextBytes } from "./text-voxels.ts";
import { checkSliceSize, planBytes, type VolumePlan } from "./volume-plan.ts";
import { conversionNote, heldAs } from "./voxel-conversion.ts";

/** MetaImage (.mha, .mhd with its data). Format: itk.org/Wiki/MetaIO/Documentation. */
export const metaImageReader: SourceReader = {
  name: "MetaImage",
  recognises: (head) => {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 1024));
    // The first line is a key; NDims or ObjectType always comes near the top.
    return /^\s*[A-Za-z]+ *= */.test(text) && /(^|\n) *(NDims|ObjectType|DimSize|ElementType) *=/.test(text);
  },
  open: (files, all, options = {}) =>
    readEach(files, options, async (file) => {
      const { plan, used } = await planMetaImage(file, all);
      return { series: [plannedSeries(plan, file, "metaimage")], used };
    }),
};

async function planMetaImage(
  file: SourceFile,
  all: readonly SourceFile[],
): Promise<{ plan: VolumePlan; used: string[] }> {
  const header = parseMetaHeader(await readHeaderText(file.blob), file.name);
  const { sourceType, channels } = header;
  const dims: Dims = [header.dimSize[0]!, header.dimSize[1] ?? 1, header.dimSize[2] ?? 1];
  const times = header.dimSize.slice(3).reduce((product, size) => product * size, 1);
  if (channels > 1 && times > 1) {
    throw unsupportedError(
      file.name,
      `It has ${times} time points of ${channels} channels each.`,
      "Save one time point, or one channel, as its own file.",
    );
  }
  const notes = [...header.notes];
  if (channels > 1) notes.push(`The ${channels} frames are channels of each voxel, not time points.`);
  const converted = conversionNote(sourceType);
  if (converted) notes.push(converted);
  const description: VolumeDescription = {
    name: volumeName(file.name),
    grid: { dims, indexToLps: geometry(header, file.name) },
    voxelType: heldAs(sourceType),
    ...(converted ? { sourceType } : {}),
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: header.modality,
    frames: times * channels,
    notes,
    metadata: { File: file.name, ...header.metadata },
    format: "MetaImage",
    ...missingSpacing(
      [0, 1, 2].map((axis) => header.spacingMissing || axis >= header.dimSize.length),
      [NO_SIZE_IN_HEADER, NO_THICKNESS],
    ),
  };
  const needed = planBytes({ description, sourceType });
  const { parts, notes: bodyNotes } = locate(file, header, needed, all);
  const plan: VolumePlan = {
    subject: file.name,
    description: withNotes(description, bodyNotes),
    sourceType,
    littleEndian: header.littleEndian,
    frameAxis: channels > 1 ? 0 : 3,
    parts,
  };
  checkSliceSize(plan);
  return { plan, used: parts.map((part) => part.name).filter((name) => name !== file.name) };
}

/** Row n of TransformMatrix is the direction of axis n in LPS (as ITK reads it); CenterOfRotation does not move voxels. */
function geometry(header: MetaHeader, subject: string): Affine {
  const { dimSize, spacing, transform, offset } = header;
  const count = dimSize.length;
  const at = (row: number, axis: number): number => {
    if (axis >= count) return row === axis ? 1 : 0;
    return (transform[axis * count + row] ?? 0) * spacing[axis]!;
  };
  const rows = [0, 1, 2].flatMap((row) => [at(row, 0), at(row, 1), at(row, 2), offset[row] ?? 0]);
  const affine = rows as unknown as Affine;
  if (!invertAffine(affine)) {
    throw sourceError(
      subject,
      "ElementSpacing and TransformMatrix place all voxels in one plane or nowhere.",
      "The header is damaged; correct it or get a fresh copy.",
    );
  }
  return affine;
}

function locate(
  file: SourceFile,
  header: MetaHeader,
  needed: number,
  all: readonly SourceFile[],
): { parts: BodyPart[]; notes: readonly string[] } {
  const files = dataFiles(file, header, all);
  if (files.length === 0 || needed % files.length !== 0) {
    throw sourceError(
      file.name,
      `The header lists ${files.length} data files, among which the voxels cannot be shared evenly.`,
      "Correct the header.",
    );
  }
  const share = needed / files.length;
  const notes: string[] = [];
  const parts = files.map(({ name, blob, local }): BodyPart => {
    const start = local ? header.headerBytes : startOf(header, blob, share, name);
    const available = blob.size - start;
    if (!header.binary) {
      const least = leastTextBytes("ascii", needed / files.length / header.elementBytes, header.sourceType);
      if (available < least) checkRawSize(name, least, available);
      return { name, blob, start, encoding: "ascii", textType: header.sourceType, byteLength: share };
    }
    if (header.compressed) {
      const end = header.compressedSize !== undefined && local ? start + header.compressedSize : blob.size;
      if (end > blob.size) checkRawSize(name, end - start, available);
      checkRatio(name, share, end - start);
      return { name, blob, start, end, encoding: "zlib", byteLength: share };
    }
    notes.push(...checkRawSize(name, share, available).notes);
    return { name, blob, start, encoding: "raw", byteLength: share };
  });
  return { parts, notes };
}

function startOf(header: MetaHeader, blob: Blob, share: number, subject: string): number {
  if (header.headerSize === -1) {
    if (header.compressed)
      throw unsupportedError(
        subject,
        "HeaderSize = -1 with compressed data is not read.",
        "Save the file again without compression.",
      );
    return Math.max(0, blob.size - share);
  }
  return header.headerSize;
}

interface DataFile extends SourceFile {
  /** True when the data is in the header's own file. */
  readonly local: boolean;
}

function dataFiles(file: SourceFile, header: MetaHeader, all: readonly SourceFile[]): DataFile[] {
  const { dataFile } = header;
  if (/^local$/i.test(dataFile)) return [{ ...file, local: true }];
  const detached = (name: string): DataFile => ({ ...resolveDetached(file, name, all), local: false });
  if (/^list\b/i.test(dataFile)) return header.listed.slice(0, DETACHED_MAX_FILES).map(detached);
  const pattern = expandPattern(dataFile, DETACHED_MAX_FILES);
  return pattern ? pattern.names.map(detached) : [detached(dataFile)];
}
