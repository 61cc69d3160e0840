import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { type CountTask, visitChosen } from "./chosen-bricks.ts";

/** Least and greatest finite voxel; Infinity and −Infinity when there is none. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** The range of the float32 voxels of some bricks; what a brick tells of itself is taken where all of it counts. */
export async function rangeOfValues(context: TaskContext, task: CountTask): Promise<ValueRange> {
  const { core, arena } = context;
  const rangeAt = arena.allocate(16);
  const range = (): Float64Array => new Float64Array(arena.memory.buffer, rangeAt, 2);
  range().set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  await visitChosen(context, task, ({ brick, maskAt, whole, load }) => {
    const [min, max] = range() as unknown as [number, number];
    if (whole && Number.isFinite(brick.min) && Number.isFinite(brick.max)) {
      range().set([Math.min(min, brick.min), Math.max(max, brick.max)]);
    } else core.exports.histogramRange(load(), maskAt, rangeAt);
  });
  const [min, max] = range() as unknown as [number, number];
  return { min, max };
}

export interface CountBinsTask extends CountTask {
  /** Borders of the bins, ascending, all finite voxels between the first and the last. */
  readonly edges: Float64Array;
}

export interface BinCounts {
  readonly counts: Float64Array<ArrayBuffer>;
  /** Voxels that are NaN or infinite. */
  readonly notFinite: number;
}

/** Counts the float32 voxels of some bricks in bins. */
export async function countBins(context: TaskContext, task: CountBinsTask): Promise<BinCounts> {
  const { core, arena } = context;
  const { edges } = task;
  const bins = edges.length - 1;
  const edgesAt = arena.allocate(edges.byteLength);
  const countsAt = arena.allocate(bins * 8);
  new Float64Array(arena.memory.buffer, edgesAt, edges.length).set(edges);
  let notFinite = 0;
  await visitChosen(context, task, ({ maskAt, load }) => {
    notFinite += core.exports.histogramBins(load(), maskAt, edgesAt, bins, countsAt);
  });
  const counts = new Float64Array(bins);
  counts.set(new Float64Array(arena.memory.buffer, countsAt, bins));
  return transfer({ counts, notFinite }, [counts.buffer]);
}
