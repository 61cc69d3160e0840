import { type AbortOptions, VoxelwrightError } from "#base";
import { MAX_LABEL } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, brickExtent, type Dims, type VolumeDescription, type VoxelArray } from "#volume";
import type { SeriesChoice, SourceSegment } from "./source.ts";

/** One slice of label values; `voxels` is reused for the next slice. */
export interface LabelSlice {
  /** Layer: labels of different layers may overlap. */
  readonly frame: number;
  readonly k: number;
  readonly voxels: Uint16Array;
}

/** A volume read as labels. */
export interface LabelmapSource {
  readonly description: VolumeDescription;
  /** Segments that the file describes; undefined when it only holds values. */
  readonly segments: readonly SourceSegment[] | undefined;
  /**
   * Slices frame by frame, k ascending. Ends by `label-range`, naming the value and the voxel, at the first value that is no
   * whole number from 0 to 65,535. Values are never rounded or clamped.
   */
  slices(options?: AbortOptions): AsyncGenerator<LabelSlice>;
}

/** Opens a volume as a labelmap, whatever type its numbers have. Values are checked while slices are read. */
export async function openLabelmap(choice: SeriesChoice, options: AbortOptions = {}): Promise<LabelmapSource> {
  const source = await choice.open(options);
  const { description } = source;
  const subject = description.metadata.File ?? description.name;
  return {
    description,
    segments: choice.segments,
    async *slices(sliceOptions: AbortOptions = {}): AsyncGenerator<LabelSlice> {
      const { dims } = description.grid;
      const labels = new Uint16Array(dims[0] * dims[1]);
      try {
        for await (const { frame, k, voxels } of source.slices(sliceOptions)) {
          const bad = toLabels(voxels, labels, description.rescale);
          if (bad >= 0) throw badLabel(subject, valueAt(voxels, bad, description.rescale), bad, k, frame, description);
          yield { frame, k, voxels: labels };
        }
      } catch (error) {
        throw misfitAsLabelRange(error, subject);
      }
    },
  };
}

/**
 * A brick of level 0 of a series that is read where it lies, as labels; voxels past the volume's edge are background. Rejects with
 * `label-range` for a value that is no label, and as `readBrick` does.
 */
export async function labelBrick(
  { chunked, inPlace, description }: SeriesChoice,
  [bi, bj, bk]: Dims,
  options: AbortOptions = {},
): Promise<Uint16Array> {
  const subject = description.metadata.File ?? description.name;
  const { dims } = description.grid;
  const labels = new Uint16Array(BRICK_VOXELS);
  try {
    const { voxels } = await (chunked ?? inPlace)!.readBrick({ frame: 0, level: 0, bi, bj, bk }, options);
    const bad = toLabels(voxels, labels, description.rescale);
    if (bad >= 0) {
      const [i, j, k] = [bad & 63, (bad >> 6) & 63, bad >> 12] as const;
      const inSlice = (bj * BRICK_EDGE + j) * dims[0] + bi * BRICK_EDGE + i;
      const value = valueAt(voxels, bad, description.rescale);
      throw badLabel(subject, value, inSlice, bk * BRICK_EDGE + k, 0, description);
    }
  } catch (error) {
    throw misfitAsLabelRange(error, subject);
  }
  const [columns, rows, planes] = brickExtent(dims, [bi, bj, bk]);
  for (let k = 0; k < BRICK_EDGE; k++)
    for (let j = 0; j < BRICK_EDGE; j++) {
      const row = (k * BRICK_EDGE + j) * BRICK_EDGE;
      labels.fill(0, row + (j < rows && k < planes ? columns : 0), row + BRICK_EDGE);
    }
  return labels;
}

/** Copies whole numbers from 0 to 65,535; returns the index of the first other value, −1 when there is none. */
function toLabels(voxels: VoxelArray, out: Uint16Array, rescale: { slope: number; intercept: number }): number {
  const { slope, intercept } = rescale;
  if (slope === 1 && intercept === 0) {
    if (voxels instanceof Uint8Array || voxels instanceof Uint16Array) {
      out.set(voxels);
      return -1;
    }
    for (let n = 0; n < voxels.length; n++) {
      const value = voxels[n]!;
      out[n] = value;
      if (out[n] !== value) return n;
    }
    return -1;
  }
  for (let n = 0; n < voxels.length; n++) {
    const value = voxels[n]! * slope + intercept;
    out[n] = value;
    if (out[n] !== value) return n;
  }
  return -1;
}

function valueAt(voxels: VoxelArray, n: number, { slope, intercept }: { slope: number; intercept: number }): number {
  return voxels[n]! * slope + intercept;
}

function badLabel(
  subject: string,
  value: number,
  n: number,
  k: number,
  frame: number,
  { grid, frames }: VolumeDescription,
): VoxelwrightError {
  const place = `(${n % grid.dims[0]}, ${Math.floor(n / grid.dims[0])}, ${k})`;
  const layer = frames > 1 ? ` of layer ${frame + 1}` : "";
  const why = Number.isInteger(value) ? `outside 0 to ${MAX_LABEL}` : "no whole number";
  return new VoxelwrightError("label-range", `Voxel ${place}${layer} holds ${value}, which is ${why}.`, {
    subject,
    advice: "Labels are never rounded or cut to fit: open the file as an image, or renumber its labels.",
    fields: { value: String(value), i: n % grid.dims[0], j: Math.floor(n / grid.dims[0]), k, frame },
  });
}

/** An integer too wide for 32 bits stops the reader itself; to someone who opens labels it is the same fault. */
function misfitAsLabelRange(error: unknown, subject: string): unknown {
  if (!(error instanceof VoxelwrightError) || error.kind !== "limit") return error;
  return new VoxelwrightError("label-range", error.message, {
    subject,
    advice: "Labels are whole numbers from 0 to 65,535 and are never cut to fit: renumber them.",
    fields: error.fields,
    cause: error,
  });
}
