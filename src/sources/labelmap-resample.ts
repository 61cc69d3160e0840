import { type AbortOptions, subtract } from "#base";
import { ImageGrid } from "#volume";
import type { LabelmapSource, LabelSlice } from "./labelmap.ts";
import { RESAMPLE_MAX_BYTES } from "./limits.ts";
import { formatBytes, limitError } from "./source-errors.ts";

/** The part of one label slice that holds labels, at its own corner. */
interface LabelBox {
  readonly i0: number;
  readonly j0: number;
  readonly columns: number;
  readonly rows: number;
  readonly voxels: Uint16Array;
}

/**
 * Slices of labels on the grid of `image`, layer by layer, k ascending: each voxel takes the label of the nearest voxel of the
 * labelmap (ties to the higher index), background outside it. Say so to the user: labels that are resampled change their
 * outline. Holds the labelled box of each label slice of one layer; rejects with `limit` above `RESAMPLE_MAX_BYTES`, and as
 * `LabelmapSource.slices` does.
 */
export async function* resampleLabels(
  labels: LabelmapSource,
  image: ImageGrid,
  options: AbortOptions = {},
): AsyncGenerator<LabelSlice> {
  const label = new ImageGrid(labels.description.grid);
  const depth = label.dims[2];
  let boxes: (LabelBox | undefined)[] = [];
  let held = 0;
  for await (const { frame, k, voxels } of labels.slices(options)) {
    if (k === 0) {
      boxes = [];
      held = 0;
    }
    const box = labelledBox(voxels, label.dims[0], label.dims[1]);
    boxes.push(box);
    held += box ? box.voxels.byteLength : 0;
    if (held > RESAMPLE_MAX_BYTES) {
      const subject = labels.description.name;
      throw limitError(
        subject,
        `Resampling holds more than ${formatBytes(RESAMPLE_MAX_BYTES)} of labels.`,
        "Resample the labels to the image's grid with another program first.",
      );
    }
    if (k === depth - 1) yield* gather(boxes, label, image, frame, options);
  }
}

async function* gather(
  boxes: readonly (LabelBox | undefined)[],
  label: ImageGrid,
  image: ImageGrid,
  frame: number,
  { signal }: AbortOptions,
): AsyncGenerator<LabelSlice> {
  const [columns, rows, depth] = image.dims;
  const voxels = new Uint16Array(columns * rows);
  const next = (j: number, k: number): readonly [number, number, number] => label.toIndex(image.toLps([1, j, k]));
  for (let k = 0; k < depth; k++) {
    signal?.throwIfAborted();
    voxels.fill(0);
    for (let j = 0; j < rows; j++) {
      const start = label.toIndex(image.toLps([0, j, k]));
      // Within one image slice rows are straight even in an uneven stack; the label's own stack may bend them.
      const step = label.regular ? subtract(next(j, k), start) : undefined;
      for (let i = 0; i < columns; i++) {
        const at = step
          ? [start[0] + i * step[0], start[1] + i * step[1], start[2] + i * step[2]]
          : label.toIndex(image.toLps([i, j, k]));
        const box = boxes[Math.floor(at[2]! + 0.5)];
        if (!box) continue;
        const u = Math.floor(at[0]! + 0.5) - box.i0;
        const v = Math.floor(at[1]! + 0.5) - box.j0;
        if (u >= 0 && u < box.columns && v >= 0 && v < box.rows)
          voxels[j * columns + i] = box.voxels[v * box.columns + u]!;
      }
    }
    yield { frame, k, voxels };
  }
}

/** The smallest box round all labels of a slice; undefined when it is all background. */
function labelledBox(voxels: Uint16Array, columns: number, rows: number): LabelBox | undefined {
  let [i0, i1, j0, j1] = [columns, -1, rows, -1];
  for (let j = 0; j < rows; j++) {
    const from = j * columns;
    let first = 0;
    while (first < columns && voxels[from + first] === 0) first++;
    if (first === columns) continue;
    let last = columns - 1;
    while (voxels[from + last] === 0) last--;
    if (first < i0) i0 = first;
    if (last > i1) i1 = last;
    if (j < j0) j0 = j;
    j1 = j;
  }
  if (i1 < 0) return undefined;
  const width = i1 - i0 + 1;
  const height = j1 - j0 + 1;
  const box = new Uint16Array(width * height);
  for (let j = 0; j < height; j++) {
    const from = (j0 + j) * columns + i0;
    box.set(voxels.subarray(from, from + width), j * width);
  }
  return { i0, j0, columns: width, rows: height, voxels: box };
}
