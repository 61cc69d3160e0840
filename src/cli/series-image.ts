import type { ChunkedVolume, SeriesChoice } from "#sources";
import type { KernelImage } from "#workers";
import { frameBytes, MemoryBricks } from "./memory-bricks.ts";
import { chunksOf } from "./region.ts";
import type { CliPort } from "./verb.ts";

/** Scans up to this size are read at once, by one pass over their files. */
const HELD_BYTES = 2 ** 30;

/**
 * The first frame of a series for kernels that read each brick once or twice: from where it lies, a few bricks at a time, or, where
 * files can only be read as a whole, from memory.
 */
export function seriesImage(series: SeriesChoice, port: CliPort): Promise<KernelImage> {
  return imageOf(series, chunksOf(series), port);
}

/** The same for kernels that come back to bricks, and are timed: what is not large is read before. */
export function heldImage(series: SeriesChoice, port: CliPort): Promise<KernelImage> {
  const large = frameBytes(series.description) > HELD_BYTES;
  return imageOf(series, large ? chunksOf(series) : undefined, port);
}

async function imageOf(series: SeriesChoice, chunks: ChunkedVolume | undefined, port: CliPort): Promise<KernelImage> {
  const { frames, name, voxelType, grid } = series.description;
  if (frames > 1) port.note(`${name} has ${frames} frames; the first is used.`);
  const bricks = chunks
    ? { readBrick: chunks.readBrick.bind(chunks) }
    : await MemoryBricks.read(await series.open(port), port);
  return { dims: grid.dims, voxelType, frame: 0, bricks };
}
