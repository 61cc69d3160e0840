import { BRICK_EDGE, type VoxelType } from "#volume";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { StepItems } from "./items.ts";
import type { SeedsMetric } from "./metric.ts";
import { brickCount, type SeedsPlan } from "./plan.ts";
import type { SeedsThreads } from "./seeds-threads.ts";

/** Sets up a job: box, costs, what is free; gives its address. Ranks have as much room as keys give them. */
export function layOut({ core, arena }: SeedsThreads, type: VoxelType, plan: SeedsPlan, metric: SeedsMetric): number {
  const { exports } = core;
  const { labelBits, costShift, stepUnits, maximumUnits, valueOffset, valueStep } = metric;
  const ranks = 2 ** labelBits - 1;
  const job = arena.allocate(exports.seedsJobBytes(brickCount(plan), ranks, StepItems.MOST));
  const wide = plan.request.connectivity === 26;
  const limit = (maximumUnits + 1) * 2 ** labelBits;
  const shift = costShift + labelBits;
  const code = VOXEL_TYPE_CODE[type];
  exports.seedsInit(job, wide, shift, labelBits, limit, code, valueOffset, valueStep, ...plan.counts, ranks);
  const local = (ijk: readonly number[]) =>
    ijk.map((n, axis) => n - plan.first[axis]! * BRICK_EDGE) as [number, number, number];
  exports.seedsBox(job, ...local(plan.box.min), ...local(plan.box.max));
  stepUnits.forEach((units, direction) => exports.seedsStepUnits(job, direction, units));
  for (const label of plan.inside) exports.seedsFree(job, label);
  return job;
}
