import type { SeriesChoice } from "#sources";
import type { KernelImage } from "#workers";
import { MemoryBricks } from "./memory-bricks.ts";
import { chunksOf } from "./region.ts";
import type { CliPort } from "./verb.ts";

/**
 * The first frame of a series for kernels that read each brick once or twice: from where it lies, a few bricks at a time, or, where
 * files can only be read as a whole, from memory.
 */
export async function seriesImage(series: SeriesChoice, port: CliPort): Promise<KernelImage> {
  const { frames, name, voxelType, grid } = series.description;
  if (frames > 1) port.note(`${name} has ${frames} frames; the first is used.`);
  const chunks = chunksOf(series);
  const bricks = chunks
    ? { readBrick: chunks.readBrick.bind(chunks) }
    : await MemoryBricks.read(await series.open(port), port);
  return { dims: grid.dims, voxelType, frame: 0, bricks };
}
