import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { FillCertainty, FillRequest, NextSlice, SliceOfAxis } from "./fill.api.ts";
import type { FillKeeper } from "./fill-keeper.ts";
import { doubtsOfFill, type FillPlan } from "./fill.ts";

/** How sure a fill is on a slice. */
export async function fillCertainty(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  slice: SliceOfAxis,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<FillCertainty> {
  requireSlice(labels, slice);
  const { doubts } = await doubtsOfFill(crew, labels, request, slice, keeper, options);
  const [u, v] = slice.axis === 0 ? ([1, 2] as const) : slice.axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  return { size: [labels.dims[u], labels.dims[v]], certainty: doubts.shown!.map((chance) => 1 - chance) };
}

/**
 * The slice to annotate next: of all slices across the axes asked for (that of a stack, or all), the one that by expectation puts most voxels right. A drawn
 * slice puts its own voxels right, and of what is not jitter on the slices beside it the less the farther they are, down to none at
 * the nearest drawn slice across the same axis.
 */
export async function nextSlice(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  across: readonly (0 | 1 | 2)[] | undefined,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<NextSlice> {
  const { plan, doubts } = await doubtsOfFill(crew, labels, request, undefined, keeper, options);
  const wrongVoxels = doubts.perSlice[0].reduce((sum, voxels) => sum + voxels, 0);
  // A stack is best helped by a slice of its own.
  const axes = across ?? (plan.kind === "stack" ? [plan.request.axis] : ([0, 1, 2] as const));
  let best: (SliceOfAxis & { voxels: number }) | undefined;
  for (const axis of axes) {
    const wrong = doubts.perSlice[axis];
    const spread = wrong.map((voxels, n) => voxels - doubts.jitterPerSlice[axis][n]!);
    const drawn = drawnAcross(plan, axis, wrong);
    for (let index = 0; index < wrong.length; index++) {
      if (drawn.has(index)) continue;
      const voxels = wrong[index]! + putRight(spread, drawn, index);
      if (voxels > (best?.voxels ?? 0)) best = { axis, index, voxels };
    }
  }
  if (!best) throw new VoxelwrightError("argument", "No slice is in doubt: all between annotated ones is drawn.");
  const voxelMl = request.spacingMm.reduce((product, size) => product * size, 1) / 1000;
  return { ...best, ml: best.voxels * voxelMl, wrongVoxels };
}

/** The drawn slices across an axis. */
function drawnAcross(plan: FillPlan, axis: 0 | 1 | 2, wrong: Float64Array): Set<number> {
  if (plan.kind !== "stack") {
    return new Set(
      plan.request.drawn.flatMap((plane) => ("axis" in plane && plane.axis === axis ? [plane.index] : [])),
    );
  }
  // Along a stack nothing is in doubt on slices that are drawn.
  const { request } = plan;
  if (request.axis !== axis) return new Set();
  return new Set(request.slices ?? Array.from(wrong.keys()).filter((index) => wrong[index] === 0));
}

/**
 * Voxels that a slice puts right on those beside it: what errors there are in a gap grow with the square of its width, so that two
 * parts of a gap of widths a and b have less by the share of 2ab / (a + b)².
 */
function putRight(wrong: Float64Array, drawn: ReadonlySet<number>, index: number): number {
  const end = (side: 1 | -1): number => {
    let at = index + side;
    while (at >= 0 && at < wrong.length && !drawn.has(at) && Math.abs(at - index) < REACH) at += side;
    return at;
  };
  const [from, to] = [end(-1), end(1)];
  let sum = 0;
  for (let n = from + 1; n < to; n++) sum += wrong[n]!;
  return (sum * 2 * (index - from) * (to - index)) / (to - from) ** 2;
}

/** Slices beyond which a drawn one says nothing where no other is drawn. */
const REACH = 32;

function requireSlice({ dims }: KernelLabels, { axis, index }: SliceOfAxis): void {
  if (Number.isInteger(index) && index >= 0 && index < dims[axis]) return;
  throw new VoxelwrightError("argument", `Slice ${index} is not one of the ${dims[axis]} slices of this axis.`);
}
