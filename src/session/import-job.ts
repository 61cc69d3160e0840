import type { ProgressOptions } from "#base";
import type { StudyRecord, StudyWriter } from "#storage";
import { type BrickAddress, type BrickPixels, PyramidBuilder, type SliceSource } from "#volume";

export interface ImportOptions extends ProgressOptions {
  /** Bricks that can be read from the cache from now on. */
  readonly onBricks?: (addresses: readonly BrickAddress[]) => void;
  /** Bricks of the slab under way, not whole yet, for showing the first slices early. `slices` of the frame are in. */
  readonly onPartial?: (bricks: readonly BrickPixels[], slices: number) => void;
  /** Small picture for the study list, a data URL. */
  readonly thumbnail?: string;
}

/** First look after this many milliseconds, then again after this long, until the first slab is whole. */
const PARTIAL_EVERY_MS = 400;

/**
 * Streams a source into bricks of every level and into the cache. Memory: the slabs of `PyramidBuilder` and the bricks in
 * flight, whatever the number of slices. Any failure or abort removes what was written and rejects.
 */
export async function importStudy(
  source: SliceSource,
  writer: StudyWriter,
  options: ImportOptions = {},
): Promise<StudyRecord> {
  const { signal } = options;
  const { grid, voxelType, frames } = source.description;
  const total = grid.dims[2] * frames;
  try {
    let done = 0;
    let builder: PyramidBuilder | undefined;
    let frame = -1;
    let finished: BrickPixels[] = [];
    let lastPartial = performance.now();
    for await (const slice of source.slices(signal ? { signal } : {})) {
      signal?.throwIfAborted();
      if (slice.frame !== frame || !builder) {
        frame = slice.frame;
        builder = new PyramidBuilder(grid.dims, voxelType, frame, (brick) => finished.push(brick));
      }
      builder.push(slice.k, slice.voxels);
      done++;
      if (finished.length > 0) {
        const bricks = finished;
        finished = [];
        for (const brick of bricks) await writer.writeBrick(brick);
        await writer.flush();
        options.onBricks?.(bricks.map((brick) => brick.address));
      } else if (
        frame === 0 &&
        slice.k < 63 &&
        options.onPartial &&
        performance.now() - lastPartial > PARTIAL_EVERY_MS
      ) {
        options.onPartial(builder.partialBricks(), slice.k + 1);
        lastPartial = performance.now();
      }
      const where = frames > 1 ? `frame ${frame + 1} of ${frames}, ` : "";
      options.onProgress?.({ fraction: done / total, what: `${where}slice ${slice.k + 1} of ${grid.dims[2]}` });
    }
    signal?.throwIfAborted();
    return await writer.finish(options.thumbnail === undefined ? {} : { thumbnail: options.thumbnail });
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
}
