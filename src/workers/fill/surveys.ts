import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import { axisUnclear, findAxis } from "./axis.ts";
import { findDrawnSlices } from "./drawn-slices.ts";
import type {
  DrawnPlane,
  MixtureRequest,
  ObliqueStack,
  ParallelPlanes,
  PlaneRequest,
  SliceRequest,
} from "./fill.api.ts";
import { SliceFrame } from "./frame.ts";
import { mainAxis } from "./largest-stack.ts";
import { type Axis, findOccupancy, occupiedSlices } from "./occupancy.ts";
import { ObliqueFrame } from "./oblique-frame.ts";
import { boxOfLabels, drawnPlanes } from "./near-labels.ts";
import { PlaneLabels, placeOf } from "./plane-shapes.ts";
import { occupancyOf, planGaps, rangeOf } from "./slice-plan.ts";
import { depthAt } from "./stack-depths.ts";

/** Slices across one axis, or planes across several where slices of several stand out. */
export type SliceSurvey =
  | {
      readonly axis: Axis;
      /** Slices between the first and the last annotated one, the upper end outside. */
      readonly range: readonly [first: number, end: number];
    }
  | { readonly drawn: readonly DrawnPlane[] };

/** Where a fill between slices has something to do. Rejects with `argument` where it has not. */
export function surveySlices(context: TaskContext, request: SliceRequest): Promise<SliceSurvey> {
  const occupancy = occupancyOf(context, request);
  const axis = request.axis ?? findAxis(occupancy.segments);
  if (axis === undefined) {
    const drawn = findDrawnSlices(context, context.maps![0]!, request.segments);
    if (new Set(drawn.map((plane) => plane.axis)).size < 2) throw axisUnclear(occupancy.segments);
    return Promise.resolve({ drawn });
  }
  return Promise.resolve({ axis, range: rangeOf(planGaps(occupancy, axis, request)) });
}

/** A stack beside planes, and the segments that they show. */
export interface MixtureSurvey {
  /** Those that the stack shows on two slices or more. */
  readonly stacked: readonly number[];
  /** The others. */
  readonly others: readonly number[];
  /** Whether a chosen segment is drawn on a plane beyond the first or the last slice of the stack. */
  readonly beyond: boolean;
  /** The index axis along which the fill goes, and the slices across it that the stack reaches, the upper end outside. */
  readonly axis: Axis;
  readonly range: readonly [first: number, end: number];
  /** Where the stack is of parallel planes across no axis. */
  readonly oblique?: ObliqueStack;
}

export function surveyMixture(
  context: TaskContext,
  { axis, slices, segments }: Pick<MixtureRequest, "axis" | "slices"> & { readonly segments?: readonly number[] },
): Promise<MixtureSurvey> {
  const occupancy = findOccupancy(context, context.maps![0]!, segments).segments;
  const stacked: number[] = [];
  const others: number[] = [];
  for (const [segment, { [axis]: own }] of occupancy) {
    (slices.filter((z) => own[z] === 1).length > 1 ? stacked : others).push(segment);
  }
  const [first, last] = [Math.min(...slices), Math.max(...slices)];
  const beyond = [...occupancy.values()].some((own) => occupiedSlices(own[axis]).some((z) => z < first || z > last));
  return Promise.resolve({ axis, range: [first, last + 1], stacked, others, beyond });
}

/** Looks at parallel planes across no axis, and at the planes beside them (`drawn`). Rejects with `argument` where no chosen segment is on any. */
export async function surveyOblique(
  context: TaskContext,
  { parallel, drawn, segments, spacingMm }: PlaneRequest & { readonly parallel: ParallelPlanes },
): Promise<MixtureSurvey> {
  const map = context.maps![0]!;
  const { normal, planes, depthsMm } = parallel;
  const occupancy = findOccupancy(context, map, segments);
  const box = boxOfLabels(occupancy, map.dims, 1);
  const frame = new ObliqueFrame({ ...parallel, shown: [] }, map.dims, spacingMm, box);
  const isChosen = (segment: number): boolean => occupancy.segments.has(segment);
  const shown: number[][] = [];
  for (const n of planes.keys()) {
    await context.pacer.pause(n / planes.length, "Reading planes");
    shown.push([...frame.labels(map, n).segments()].filter(isChosen).sort((a, b) => a - b));
  }
  const found = new Set(shown.flat());
  let beyond = false;
  for (const plane of drawnPlanes(context, { drawn, spacingMm, ...(segments ? { segments } : {}) })) {
    const labels = new PlaneLabels(map, plane, spacingMm);
    for (const segment of labels.segments()) if (isChosen(segment)) found.add(segment);
    beyond ||= labels.pixels.some((label, n) => {
      if (!isChosen(label)) return false;
      const depthMm = depthAt(parallel, placeOf(plane, n % plane.nu, Math.floor(n / plane.nu)));
      return depthMm < depthsMm[0]! || depthMm > depthsMm.at(-1)!;
    });
  }
  if (found.size === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn on the given planes.");
  }
  const all = [...found].sort((a, b) => a - b);
  const stacked = all.filter((segment) => shown.filter((own) => own.includes(segment)).length > 1);
  const others = all.filter((segment) => !stacked.includes(segment));
  const axis = mainAxis(normal);
  const range = frame.reach(new SliceFrame(map.dims, axis, spacingMm, occupancy.segments, frame.around));
  return { axis, range, oblique: { normal, planes, depthsMm, shown }, stacked, others, beyond };
}
