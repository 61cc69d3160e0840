import type { ProgressOptions } from "#base";
import { labelFile } from "#export";
import { LabelSnapshot } from "#labelmap";
import { writeTemporaryFile } from "#storage";
import { ImageGrid } from "#volume";
import type { LabelFileRequest, WrittenLabelFile } from "./label-files.api.ts";

/** Writes labels into a file on the disk, in any thread. Rejects as `labelFile` and `writeTemporaryFile` do, or with AbortError. */
export async function writeLabelFile(
  { format, name, grid, bricks, segments, stored }: LabelFileRequest,
  { signal, onProgress }: ProgressOptions = {},
): Promise<WrittenLabelFile> {
  const file = labelFile(format, {
    name,
    grid: new ImageGrid(grid),
    labels: new LabelSnapshot(grid.dims, bricks),
    segments,
    stored,
    onProgress: (fraction) => onProgress?.({ fraction, what: "Writing labels" }),
  });
  const { extension, mediaType, notes } = file;
  const options = signal ? { signal } : {};
  return { file: await writeTemporaryFile(file.chunks, mediaType, name, options), extension, notes };
}
