import type { TaskContext } from "../crew/task.ts";
import type { PackedChanges } from "../packed-changes.ts";
import type { FillDoubts } from "./doubts.ts";
import { SliceFrame } from "./frame.ts";
import { ImageGuide } from "./image-guide.ts";
import type { Axis, Occupancy } from "./occupancy.ts";
import { findGaps } from "./planes.ts";
import { type DoubtPart, drawnSlicesOf, ShapeFill } from "./shape-fill.ts";
import { AROUND, occupancyOf, planSlices, type SlicePart } from "./slice-plan.ts";
import { SliceReader } from "./slice-reader.ts";

/**
 * Fills between annotated slices by shape: components of neighbouring annotated slices are linked, their signed distance fields
 * are moved along the path of their centroids and blended over two to four slices; on each slice the segment with the largest
 * value wins, the lower number at a tie. Extends Raya and Udupa (Shape-based interpolation of multidimensional objects, 1990).
 * Only background voxels strictly between annotated slices of a segment are proposed. Works slice by slice in the box of the
 * labels; holds the runs of annotated slices, the fields of at most four a segment, and the bricks of one slab. Rejects with
 * `argument` (nothing to fill, axis not clear), `limit`, or AbortError.
 */
export async function fillSlices(context: TaskContext, part: SlicePart): Promise<PackedChanges> {
  const fill = new ShapeFill(context, planSlices(context, part), part);
  return fill.run(part.range);
}

/** How likely a fill between annotated slices is wrong, voxel by voxel. */
export async function doubtSlices(context: TaskContext, part: DoubtPart): Promise<FillDoubts> {
  const fill = new ShapeFill(context, planSlices(context, part), part);
  return fill.doubts(part);
}

/** Gives the labels that a stack's fill has, slice by slice, whether something is drawn there or not. */
export class StackSampler {
  readonly #fill: ShapeFill;

  constructor(context: TaskContext, request: SlicePart) {
    this.#fill = new ShapeFill(context, planSlices(context, request), request);
  }

  /** Calls `visit` for each slice between annotated ones in a range with what gives the label of a voxel on it. */
  async run(
    range: readonly [first: number, end: number],
    visit: (z: number, labelAt: (ijk: readonly [number, number, number]) => number) => void,
  ): Promise<void> {
    await this.#fill.labels(range, visit);
  }
}

/** Tries the image on the `nth` of `of` parts of the inner drawn slices. */
export interface TrialPart extends SlicePart {
  readonly axis: Axis;
  readonly nth: number;
  readonly of: number;
}

/** What the image gains on a drawn slice that is left out, with each of `WEIGHTS`. */
export interface TrialGains {
  readonly z: number;
  readonly gains: readonly number[];
}

/** What the image gains on drawn slices that are left out, one at a time. */
export async function imageGains(context: TaskContext, part: TrialPart): Promise<TrialGains[]> {
  const occupancy = occupancyOf(context, part);
  const { axis, spacingMm } = part;
  const drawn = drawnSlicesOf(occupancy.segments, axis, part.slices);
  const frame = new SliceFrame(context.maps![0]!.dims, axis, spacingMm, occupancy.segments, AROUND);
  const found: TrialGains[] = [];
  const guide = new ImageGuide(context, frame, drawn);
  const inner = Math.max(0, drawn.length - 2);
  const [first, end] = [part.nth, part.nth + 1].map((nth) => 1 + Math.floor((inner * nth) / part.of)) as [
    number,
    number,
  ];
  for (let n = first; n < end; n++) {
    await context.pacer.pause(n / drawn.length, "Trying the image on drawn slices");
    const z = drawn[n]!;
    // As if nothing were drawn on it.
    const segments = new Map([...occupancy.segments].map(([segment, own]) => [segment, withoutSlice(own, axis, z)]));
    const others = drawn.filter((other) => other !== z);
    const gaps = findGaps(segments, axis, part.slices && others).filter(({ from, to }) => from < z && to > z);
    if (gaps.length === 0) continue;
    const all = findGaps(segments, axis, part.slices && others);
    await guide.prepare(z);
    const used = context.arena.usedBytes;
    const reader = new SliceReader(context, context.maps![0]!, frame);
    const plan = { frame, stack: frame, reader, gaps: all, segments, labelled: occupancy.labelled[axis] };
    const fill = new ShapeFill(context, plan, part);
    const gains = await fill.gains(z, guide);
    if (gains) found.push({ z, gains });
    context.arena.rewind(used);
  }
  return found;
}

function withoutSlice(occupancy: Occupancy, axis: Axis, z: number): Occupancy {
  const own = occupancy[axis].slice();
  own[z] = 0;
  return [axis === 0 ? own : occupancy[0], axis === 1 ? own : occupancy[1], axis === 2 ? own : occupancy[2]];
}
