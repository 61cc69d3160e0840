import { VoxelwrightError } from "#base";
import type { Segment } from "#labelmap";
import type { ImageGrid } from "#volume";
import type { ExportFile } from "./export-file.ts";
import { type LabelBricks, labelStream, presentLabels } from "./label-stream.ts";
import { mhaFile } from "./mha.ts";
import { niftiFile } from "./nifti.ts";
import { INTENT_LABEL } from "./nifti-header.ts";
import { nrrdFile } from "./nrrd.ts";
import { segNrrdFile } from "./seg-nrrd.ts";

/** File forms of a labelmap. Only `seg.nrrd` holds names and colours. */
export const LABEL_FORMATS = ["seg.nrrd", "nii.gz", "nii", "nrrd", "mha"] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

/** A labelmap with what is needed to write it. */
export interface LabelInput {
  /** Name of the study, for error lines. */
  readonly name: string;
  readonly grid: ImageGrid;
  readonly labels: LabelBricks;
  readonly segments: readonly Segment[];
}

/**
 * A labelmap as a file: every voxel and the whole geometry, `uint8` when every label fits, else `uint16`. A label that has no
 * segment gets one named after its value. Throws `unsupported` for an uneven stack, before anything is written. Labels must not
 * change until `chunks` is read.
 */
export function labelFile(format: LabelFormat, { name, grid, labels, segments }: LabelInput): ExportFile {
  const present = presentLabels(grid.dims, labels);
  const stream = labelStream(grid, labels, present);
  const all = withUnnamed(segments, present);
  const plain = plainLabelFile(format, name, stream, all);
  const notes = [...plain.notes];
  if (format !== "seg.nrrd" && segments.length > 0) {
    notes.push(`Names and colours of segments are not in ${plain.extension} files; .seg.nrrd keeps them.`);
  }
  if (format === "seg.nrrd" && all.length > segments.length) {
    notes.push(`${all.length - segments.length} label values had no segment and were named after their value.`);
  }
  return { ...plain, notes };
}

function plainLabelFile(
  format: LabelFormat,
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
