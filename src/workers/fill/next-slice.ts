import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { FillCertainty, FillRequest, NextSlice, SliceOfAxis } from "./fill.api.ts";
import { doubtsOfFill, type FillPlan } from "./fill.ts";

/** How sure a fill is on a slice. */
export async function fillCertainty(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  slice: SliceOfAxis,
  options: ProgressOptions,
): Promise<FillCertainty> {
  requireSlice(labels, slice);
  const { doubts } = await doubtsOfFill(crew, labels, request, slice, options);
  const [u, v] = slice.axis === 0 ? ([1, 2] as const) : slice.axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  return { size: [labels.dims[u], labels.dims[v]], certainty: doubts.shown!.map((chance) => 1 - chance) };
}

/**
 * The slice to annotate next: of all slices across the axes asked for, the one that by expectation puts most voxels right. A drawn
 * slice puts its own voxels right, and of the slices beside it the less the farther they are, down to none at the nearest drawn
 * slice across the same axis.
 */
export async function nextSlice(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  axes: readonly (0 | 1 | 2)[],
  options: ProgressOptions,
): Promise<NextSlice> {
  const { plan, doubts } = await doubtsOfFill(crew, labels, request, undefined, options);
  const wrongVoxels = doubts.perSlice[0].reduce((sum, voxels) => sum + voxels, 0);
  let best: (SliceOfAxis & { voxels: number }) | undefined;
  for (const axis of axes) {
    const wrong = doubts.perSlice[axis];
    const drawn = drawnAcross(plan, axis, wrong);
    for (let index = 0; index < wrong.length; index++) {
      if (drawn.has(index)) continue;
      const voxels = putRight(wrong, drawn, index);
      if (voxels > (best?.voxels ?? 0)) best = { axis, index, voxels };
    }
  }
  if (!best) throw new VoxelwrightError("argument", "No slice is in doubt: all between annotated ones is drawn.");
  const voxelMl = request.spacingMm.reduce((product, size) => product * size, 1) / 1000;
  return { ...best, ml: best.voxels * voxelMl, wrongVoxels };
}

/** The drawn slices across an axis. */
function drawnAcross(plan: FillPlan, axis: 0 | 1 | 2, wrong: Float64Array): Set<number> {
  if (plan.kind === "planes") {
    return new Set(
      plan.request.drawn.flatMap((plane) => ("axis" in plane && plane.axis === axis ? [plane.index] : [])),
    );
  }
  // Along a stack nothing is in doubt on slices that are drawn.
  const { request } = plan;
  if (request.axis !== axis) return new Set();
  return new Set(request.slices ?? Array.from(wrong.keys()).filter((index) => wrong[index] === 0));
}

/** Voxels that a slice puts right, in steps to either side that weigh ever less. */
function putRight(wrong: Float64Array, drawn: ReadonlySet<number>, index: number): number {
  let sum = wrong[index]!;
  for (const side of [-1, 1]) {
    let end = index + side;
    while (end >= 0 && end < wrong.length && !drawn.has(end) && Math.abs(end - index) < REACH) end += side;
    const steps = Math.abs(end - index);
    for (let n = 1; n < steps; n++) sum += wrong[index + side * n]! * (1 - n / steps);
  }
  return sum;
}

/** Slices beyond which a drawn one says nothing where no other is drawn. */
const REACH = 10;

function requireSlice({ dims }: KernelLabels, { axis, index }: SliceOfAxis): void {
  if (Number.isInteger(index) && index >= 0 && index < dims[axis]) return;
  throw new VoxelwrightError("argument", `Slice ${index} is not one of the ${dims[axis]} slices of this axis.`);
}
