import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { type CountTask, visitChosen } from "./chosen-bricks.ts";

/** Least and greatest finite voxel (Infinity and −Infinity when there is none), and the voxels that are not finite. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
  readonly notFinite: number;
}

/** The range of the float32 voxels of some bricks. */
export async function rangeOfValues(context: TaskContext, task: CountTask): Promise<ValueRange> {
  const { core, arena } = context;
  const rangeAt = arena.allocate(16);
  const range = (): Float64Array => new Float64Array(arena.memory.buffer, rangeAt, 2);
  range().set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  let notFinite = 0;
  await visitChosen(context, task, (voxelsAt, maskAt) => {
    notFinite += core.exports.histogramRange(voxelsAt, maskAt, rangeAt);
  });
  const [min, max] = range();
  return { min: min!, max: max!, notFinite };
}

export interface CountBinsTask extends CountTask {
  /** Borders of the bins, ascending, all finite voxels between the first and the last. */
  readonly edges: Float64Array;
}

/** Counts the finite float32 voxels of some bricks in bins. */
export async function countBins(context: TaskContext, task: CountBinsTask): Promise<Float64Array<ArrayBuffer>> {
  const { core, arena } = context;
  const { edges } = task;
  const bins = edges.length - 1;
  const edgesAt = arena.allocate(edges.byteLength);
  const countsAt = arena.allocate(bins * 8);
  new Float64Array(arena.memory.buffer, edgesAt, edges.length).set(edges);
  await visitChosen(context, task, (voxelsAt, maskAt) => {
    core.exports.histogramBins(voxelsAt, maskAt, edgesAt, bins, countsAt);
  });
  const counts = new Float64Array(bins);
  counts.set(new Float64Array(arena.memory.buffer, countsAt, bins));
  return transfer(counts, [counts.buffer]);
}
