import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import { axisUnclear, findAxis } from "./axis.ts";
import type { ObliqueRequest, SliceRequest } from "./fill.api.ts";
import { SliceFrame, type StackFrame } from "./frame.ts";
import type { Mixture } from "./mixture-contest.ts";
import { ObliqueFrame } from "./oblique-frame.ts";
import { type Axis, findOccupancy, type LabelOccupancy, type Occupancy } from "./occupancy.ts";
import { boxOfLabels } from "./near-labels.ts";
import { findGaps, type Gap } from "./planes.ts";
import { type PlaneReader, SliceReader } from "./slice-reader.ts";

/** What a part of a fill between slices works on. */
export interface SlicePart extends SliceRequest {
  /** Parallel planes in place of slices across the axis, along which the fill goes all the same. */
  readonly oblique?: ObliqueRequest["oblique"];
  /** Slices of this part, the upper end outside; all when absent. */
  readonly range?: readonly [first: number, end: number];
  /** What further planes correct. */
  readonly mixture?: Mixture;
  /** What the image's odds are worth beside those of the shapes, where it moves borders. */
  readonly byImage?: number;
}

/** A stack of annotated slices or planes, and the slices of the volume that are filled. */
export interface SlicePlan {
  readonly frame: SliceFrame;
  /** In which shapes lie: `frame` itself where slices across its axis are annotated. */
  readonly stack: StackFrame;
  readonly oblique?: ObliqueFrame;
  readonly reader: PlaneReader;
  readonly gaps: readonly Gap[];
  readonly segments: ReadonlyMap<number, Occupancy>;
  /** Slices of the volume along the axis with any label. */
  readonly labelled: Uint8Array;
}

/** Pixels around labels that an image is looked at, for what is beside them. */
export const AROUND = 12;

export function planSlices(context: TaskContext, request: SlicePart): SlicePlan {
  const occupancy = occupancyOf(context, request);
  const { segments, labelled } = occupancy;
  const axis = request.axis ?? findAxis(segments);
  if (axis === undefined) throw axisUnclear(segments);
  if (request.oblique) return planOblique(context, occupancy, { ...request, axis, oblique: request.oblique });
  const map = context.maps![0]!;
  const frame = new SliceFrame(map.dims, axis, request.spacingMm, segments, request.byImage ? AROUND : 0);
  const { mixture, slices } = request;
  const gaps = mixture ? findGaps(stackedOf(segments, mixture), axis, slices) : planGaps(occupancy, axis, request);
  return {
    frame,
    stack: frame,
    reader: new SliceReader(context, map, frame),
    gaps,
    segments,
    labelled: labelled[axis],
  };
}

function planOblique(
  context: TaskContext,
  occupancy: LabelOccupancy,
  { axis, oblique, spacingMm, mixture, byImage }: SlicePart & Pick<ObliqueRequest, "axis" | "oblique">,
): SlicePlan {
  const map = context.maps![0]!;
  const { segments, labelled } = occupancy;
  const stack = new ObliqueFrame(oblique, map.dims, spacingMm, boxOfLabels(occupancy, map.dims, 1));
  const frame = new SliceFrame(map.dims, axis, spacingMm, segments, stack.around + (byImage ? AROUND : 0));
  const onPlanes = new Map<number, Occupancy>();
  const none = new Uint8Array(0);
  for (const segment of [...new Set(oblique.shown.flat())].sort((a, b) => a - b)) {
    const own = new Uint8Array(stack.slices);
    for (const [n, z] of stack.zs.entries()) if (oblique.shown[n]!.includes(segment)) own[z] = 1;
    onPlanes.set(segment, [none, none, own]);
  }
  const gaps = findGaps(mixture ? stackedOf(onPlanes, mixture) : onPlanes, 2, stack.zs);
  const reader: PlaneReader = {
    read(z, to) {
      const { pixels } = stack.labels(map, stack.zs.indexOf(z));
      new Uint16Array(context.arena.memory.buffer, to, pixels.length).set(pixels);
    },
  };
  return { frame, stack, oblique: stack, reader, gaps, segments, labelled: labelled[axis] };
}

export function occupancyOf(context: TaskContext, { segments }: SliceRequest): LabelOccupancy {
  const found = findOccupancy(context, context.maps![0]!, segments);
  if (found.segments.size > 0) return found;
  throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn.");
}

export function planGaps({ segments }: LabelOccupancy, axis: Axis, { slices }: SliceRequest): Gap[] {
  const gaps = findGaps(segments, axis, slices);
  if (gaps.some(({ from, to }) => to - from > 1)) return gaps;
  throw new VoxelwrightError("argument", "There is nothing to fill: no empty slice lies between annotated ones.");
}

/** Those segments that a stack shows. */
function stackedOf(segments: ReadonlyMap<number, Occupancy>, { stacked }: Mixture): Map<number, Occupancy> {
  const chosen = new Set(stacked);
  return new Map([...segments].filter(([segment]) => chosen.has(segment)));
}

export function rangeOf(gaps: readonly Gap[]): [first: number, end: number] {
  return [
    gaps.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY) + 1,
    gaps.reduce((most, { to }) => Math.max(most, to), 0),
  ];
}
