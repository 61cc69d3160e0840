import { VoxelwrightError } from "#base";
import type { Segment } from "#labelmap";
import type { ImageGrid, StoredAxes } from "#volume";
import type { ExportFile } from "./export-file.ts";
import { type LabelBricks, labelStream, presentLabels } from "./label-stream.ts";
import { mhaFile } from "./mha.ts";
import { niftiFile } from "./nifti.ts";
import { INTENT_LABEL } from "./nifti-header.ts";
import { nrrdFile } from "./nrrd.ts";
import { segNrrdFile } from "./seg-nrrd.ts";
import { requireEvenSlices } from "./voxel-stream.ts";
import { type LabelGroup, labelGroup, type LabelGroupInput } from "./zarr/label-group.ts";
import { IMAGE_OF_LABELS, zarrZip } from "./zarr/zarr-zip.ts";

/** File forms of a labelmap. Only `seg.nrrd` and `zarr.zip` hold names and colours. */
export const LABEL_FORMATS = ["seg.nrrd", "nii.gz", "nii", "nrrd", "mha", "zarr.zip"] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

/** A labelmap with what is needed to write it. */
export interface LabelInput {
  /** Name of the study, for error lines. */
  readonly name: string;
  readonly grid: ImageGrid;
  readonly labels: LabelBricks;
  readonly segments: readonly Segment[];
  /** Axes of the OME-Zarr image that the labels are of, for writing them beside it. */
  readonly stored?: StoredAxes | undefined;
  /** Told the share of the slices that is written, plane by plane; not by OME-Zarr. What it throws ends the file. */
  readonly onProgress?: (share: number) => void;
}

/** Whether a format keeps names and colours of segments. */
export function namesSegments(format: LabelFormat): boolean {
  return format === "seg.nrrd" || format === "zarr.zip";
}

/**
 * A labelmap as a file: every voxel and the whole geometry, `uint8` when every label fits, else `uint16`. A label that has no
 * segment gets one named after its value. Throws `unsupported` for an uneven stack, before anything is written. Labels must not
 * change until `chunks` is read.
 */
export function labelFile(format: LabelFormat, input: LabelInput): ExportFile {
  const { name, grid, labels, segments } = input;
  const present = presentLabels(grid.dims, labels);
  const all = withUnnamed(segments, present);
  const plain =
    format === "zarr.zip"
      ? zarrZip(labelGroup(groupInput(input, present, all)), input.stored)
      : plainLabelFile(format, name, labelStream(grid, labels, present, input.onProgress), all);
  const notes = [...plain.notes];
  if (!namesSegments(format) && segments.length > 0) {
    notes.push(`Names and colours of segments are not in ${plain.extension} files; .seg.nrrd keeps them.`);
  }
  if (namesSegments(format) && all.length > segments.length) {
    notes.push(`${all.length - segments.length} label values had no segment and were named after their value.`);
  }
  return { ...plain, notes };
}

/**
 * Labels as files of an OME-Zarr group, to be written into a folder; `source` is the relative path of their image. Throws `unsupported`
 * for an uneven stack.
 */
export function labelFolder(input: LabelInput, source?: string): LabelGroup {
  const present = presentLabels(input.grid.dims, input.labels);
  return labelGroup(groupInput(input, present, withUnnamed(input.segments, present), source));
}

function groupInput(
  { name, grid, labels, stored }: LabelInput,
  present: readonly number[],
  segments: readonly Segment[],
  source = stored ? IMAGE_OF_LABELS : undefined,
): LabelGroupInput {
  requireEvenSlices(grid, "OME-Zarr", name);
  const of = source === undefined ? {} : { source };
  return { name, grid, labels, segments, greatest: present.at(-1) ?? 0, stored, ...of };
}

function plainLabelFile(
  format: Exclude<LabelFormat, "zarr.zip">,
  name: string,
  stream: ReturnType<typeof labelStream>,
  segments: readonly Segment[],
): ExportFile {
  const nifti = { name, intent: INTENT_LABEL, description: "Voxelwright labels" };
  switch (format) {
    case "seg.nrrd":
      return segNrrdFile(stream, segments, name);
    case "nii.gz":
      return niftiFile(stream, { ...nifti, compressed: true });
    case "nii":
      return niftiFile(stream, { ...nifti, compressed: false });
    case "nrrd":
      return nrrdFile(stream, { name });
    case "mha":
      return mhaFile(stream, name);
    default:
      throw new VoxelwrightError("argument", `There is no label format ${String(format)}.`);
  }
}

function withUnnamed(segments: readonly Segment[], present: readonly number[]): Segment[] {
  const known = new Set(segments.map((segment) => segment.value));
  const added = present
    .filter((value) => !known.has(value))
    .map((value): Segment => ({ value, name: `Label ${value}`, color: colorOf(value), locked: false, visible: true }));
  return [...segments, ...added];
}

/** A colour for a label without one: hues a golden angle apart, so that neighbours differ. */
function colorOf(value: number): string {
  const hue = (value * 137.508) % 360;
  const channel = (n: number): string => {
    const t = (n + hue / 30) % 12;
    const level = 0.55 - 0.35 * Math.max(-1, Math.min(t - 3, 9 - t, 1));
    return Math.round(level * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
