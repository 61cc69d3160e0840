import { isVoxelwrightError, type ProgressOptions } from "#base";
import { collectBlob, type ExportFile, labelFile } from "#export";
import { LabelSnapshot } from "#labelmap";
import { writeTemporaryFile } from "#storage";
import { ImageGrid } from "#volume";
import type { LabelFileRequest, WrittenLabelFile } from "./label-files.api.ts";

/**
 * Writes labels into a file, in any thread. A disk without room for it keeps nobody from taking labels out: the file then lies in
 * memory. Rejects as `labelFile` does, or with AbortError.
 */
export async function writeLabelFile(
  { format, onDisk, name, grid, bricks, segments, stored }: LabelFileRequest,
  { signal, onProgress }: ProgressOptions = {},
): Promise<WrittenLabelFile> {
  const labels = new LabelSnapshot(grid.dims, bricks);
  const begin = (): ExportFile =>
    labelFile(format, {
      name,
      grid: new ImageGrid(grid),
      labels,
      segments,
      stored,
      onProgress: (fraction) => {
        signal?.throwIfAborted();
        onProgress?.({ fraction, what: "Writing labels" });
      },
    });
  const written = begin();
  const { extension, mediaType, notes } = written;
  if (!onDisk) return { file: await collectBlob(written), extension, notes };
  try {
    const options = signal ? { signal } : {};
    return { file: await writeTemporaryFile(written.chunks, mediaType, name, options), extension, notes };
  } catch (error) {
    if (!(isVoxelwrightError(error) && error.fields["quota"] === true)) throw error;
    return { file: await collectBlob(begin()), extension, notes };
  }
}
