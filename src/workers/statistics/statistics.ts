import { BRICK_EDGE, brickDims, brickExtent, bytesPerVoxel, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { blockAt, brickOfBlock } from "./blocks.ts";
import { CellCounter } from "./cell-counter.ts";
import { type HistogramPages, Histograms } from "./histograms.ts";
import { HullCollector } from "./hull-collector.ts";
import { ImageBrick } from "./image-brick.ts";
import { LabelRows } from "./label-rows.ts";
import type { BrickSums } from "./merge.ts";
import { WideSums } from "./wide-sums.ts";

/** 64-bit words of a row of sums. */
export const SUMS_WORDS = 16;

export interface BlocksRequest {
  /** Blocks in ascending order (blocks.ts). */
  readonly blocks: readonly number[];
  readonly shape: boolean;
  readonly segments?: readonly number[];
}

/** What a share of the blocks gives, by rows of segments. */
export interface StatisticsPart {
  /** Segments by row. */
  readonly segments: readonly number[];
  /**
   * 16 numbers a row: voxels and sums of their indices (1, i, j, k, ii, jj, kk, ij, ik, jk), then smallest and largest i, j, k as six
   * 32-bit numbers, of no meaning without voxels.
   */
  readonly sums: BigInt64Array<ArrayBuffer>;
  /** Histograms of values of up to 16 bits, or of the upper 16 bits of wider ones; absent without an image. */
  readonly histograms?: HistogramPages;
  /** Sums of 32-bit values by brick. */
  readonly bricks: readonly (readonly BrickSums[])[];
  /** For shape: counts of the configurations of cells, 256 a row, and voxels that may be corners of the hull. */
  readonly cells?: Uint32Array<ArrayBuffer>;
  readonly hull?: ReturnType<HullCollector["positions"]>;
}

/**
 * The first pass: all that is counted and summed, block by block; bricks without labels are not read. Memory: the image brick, 4 MiB,
 * 1.2 KiB a label with 1 KiB for every 256 values in a row that it has, and for shape 10 MiB and 1 KiB a label. Rejects with what the
 * brick source rejects with, `not-found` when a brick is not imported yet, or AbortError.
 */
export async function statisticsOfBlocks(context: TaskContext, request: BlocksRequest): Promise<StatisticsPart> {
  const { core, arena, image, maps, pacer } = context;
  const labels = maps![0]!;
  const bricks = brickDims(labels.dims);
  const rows = new LabelRows(context, labels, request.segments);
  const count = rows.segments.length;
  const sumsAt = arena.allocate(Math.max(1, count) * SUMS_WORDS * 8);
  const cells = request.shape ? new CellCounter(context, rows, labels.dims) : undefined;
  const hull = request.shape ? new HullCollector(context, rows) : undefined;
  const voxels = image && new ImageBrick(context, image);
  const wide = image && bytesPerVoxel(image.voxelType) === 4 ? new WideSums(context, rows, image.voxelType) : undefined;
  const histograms = image && new Histograms(context, rows, image.voxelType);
  const found: BrickSums[][] = [];
  for (const [n, block] of request.blocks.entries()) {
    await pacer.pause(n / request.blocks.length, "Measuring");
    const at = blockAt(bricks, block);
    const index = brickOfBlock(bricks, at);
    const runs = index === undefined ? 0 : rows.read(index, brickExtent(labels.dims, at));
    if (runs > 0) {
      const first: Dims = [at[0] * BRICK_EDGE, at[1] * BRICK_EDGE, at[2] * BRICK_EDGE];
      core.exports.statisticsMoments(rows.runs, runs, rows.rowOf, sumsAt, ...first);
      hull?.add(runs, first);
      await voxels?.read(at);
      if (wide) found.push(wide.read(runs, voxels!.at));
      histograms?.add(runs, voxels!.at);
    }
    cells?.add(block);
  }
  const sums = new BigInt64Array(arena.memory.buffer, sumsAt, count * SUMS_WORDS).slice() as BigInt64Array<ArrayBuffer>;
  const pages = histograms?.all();
  const corners = hull?.positions();
  const counts = cells?.counts();
  const part: StatisticsPart = {
    segments: rows.segments,
    sums,
    bricks: found,
    ...(pages ? { histograms: pages } : {}),
    ...(counts && corners ? { cells: counts, hull: corners } : {}),
  };
  const arrays = [sums, pages?.pages, pages?.counts, counts, corners?.positions, corners?.counts];
  return transfer(
    part,
    arrays.flatMap((array) => (array ? [array.buffer] : [])),
  );
}
