import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import type { PackedChanges } from "../packed-changes.ts";
import { axisUnclear, findAxis } from "./axis.ts";
import type { Component } from "./components.ts";
import { type Field, FieldStore } from "./fields.ts";
import { findDrawnSlices } from "./drawn-slices.ts";
import type { DrawnPlane, SliceRequest } from "./fill.api.ts";
import { SliceFrame } from "./frame.ts";
import { type Axis, findOccupancy, type LabelOccupancy, type Occupancy } from "./occupancy.ts";
import { findGaps, type Gap } from "./planes.ts";
import { ProposedBricks } from "./proposed-bricks.ts";
import { shapeRecord } from "./shape-records.ts";
import { ShapeChains } from "./shapes.ts";
import { SliceComponents } from "./slice-components.ts";
import { type Entrant, SliceContest } from "./slice-contest.ts";
import { SliceReader } from "./slice-reader.ts";

/** What a part of a fill between slices works on. */
export interface SlicePart extends SliceRequest {
  /** Slices of this part, the upper end outside; all when absent. */
  readonly range?: readonly [first: number, end: number];
}

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

/**
 * Fills between annotated slices by shape: components of neighbouring annotated slices are linked, their signed distance fields
 * are moved along the path of their centroids and blended over two to four slices; on each slice the segment with the largest
 * value wins, the lower number at a tie. Extends Raya and Udupa (Shape-based interpolation of multidimensional objects, 1990).
 * Only background voxels strictly between annotated slices of a segment are proposed. Works slice by slice in the box of the
 * labels; holds the runs of annotated slices, the fields of at most four a segment, and the bricks of one slab. Rejects with
 * `argument` (nothing to fill, axis not clear), `limit`, or AbortError.
 */
export async function fillSlices(context: TaskContext, part: SlicePart): Promise<PackedChanges> {
  const fill = new ShapeFill(context, planSlices(context, part));
  return fill.run(part.range);
}

interface SlicePlan {
  readonly frame: SliceFrame;
  readonly gaps: readonly Gap[];
  readonly segments: ReadonlyMap<number, Occupancy>;
  /** Slices along the axis with any label. */
  readonly labelled: Uint8Array;
}

function planSlices(context: TaskContext, request: SliceRequest): SlicePlan {
  const occupancy = occupancyOf(context, request);
  const { segments, any } = occupancy;
  const axis = request.axis ?? findAxis(segments);
  if (axis === undefined) throw axisUnclear(segments);
  return {
    frame: new SliceFrame(context.maps![0]!.dims, axis, request.spacingMm, segments),
    gaps: planGaps(occupancy, axis, request),
    segments,
    labelled: any[axis],
  };
}

function occupancyOf(context: TaskContext, { segments }: SliceRequest): LabelOccupancy {
  const found = findOccupancy(context, context.maps![0]!, segments);
  if (found.segments.size > 0) return found;
  throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn.");
}

function planGaps({ segments }: LabelOccupancy, axis: Axis, { slices }: SliceRequest): Gap[] {
  const gaps = findGaps(segments, axis, slices);
  if (gaps.length > 0) return gaps;
  throw new VoxelwrightError("argument", "There is nothing to fill: no empty slice lies between annotated ones.");
}

function rangeOf(gaps: readonly Gap[]): [first: number, end: number] {
  return [
    gaps.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY) + 1,
    gaps.reduce((most, { to }) => Math.max(most, to), 0),
  ];
}

class ShapeFill {
  readonly #context: TaskContext;
  readonly #plan: SlicePlan;
  readonly #reader: SliceReader;
  readonly #fields: FieldStore;
  readonly #chains: ShapeChains;

  constructor(context: TaskContext, plan: SlicePlan) {
    const { frame, gaps, segments } = plan;
    this.#context = context;
    this.#plan = plan;
    this.#reader = new SliceReader(context, context.maps![0]!, frame);
    this.#fields = new FieldStore(context, frame);
    const union = gaps[0]?.segment === 0 || gaps.some(({ segment }) => segment === 0);
    const components = new SliceComponents(context, frame, this.#reader, segments.keys(), union);
    this.#chains = new ShapeChains(frame, gaps, components, this.#fields);
  }

  /** Sweeps over the slices; on each, every gap around it gives its segment's shapes. */
  async run(range: SlicePart["range"]): Promise<PackedChanges> {
    const { frame, gaps, labelled } = this.#plan;
    const { pacer, onProgress, arena } = this.#context;
    const [first, end] = range ?? rangeOf(gaps);
    const contest = new SliceContest(this.#context, frame);
    const existing = arena.scratch(frame.nu * frame.nv * 2 + 64);
    const proposed = new ProposedBricks(this.#context, frame);
    let next = 0;
    let active: { readonly gap: Gap; readonly entrants: readonly Entrant[] }[] = [];
    for (let z = first; z < end; z++) {
      await pacer.pause((z - first) / (end - first), `Filling slice ${z}`);
      const done = active.filter(({ gap }) => gap.to <= z);
      let changed = done.length > 0;
      if (changed) active = active.filter(({ gap }) => gap.to > z);
      for (; next < gaps.length && gaps[next]!.from < z; next++) {
        const gap = gaps[next]!;
        if (gap.to <= z) continue;
        active.push({ gap, entrants: this.#open(gap) });
        changed = true;
      }
      for (const { gap } of done) this.#close(gap);
      if (changed) active.sort((a, b) => a.gap.segment - b.gap.segment);
      if (active.length === 0) continue;
      contest.decide(
        z,
        active.flatMap(({ entrants }) => entrants),
      );
      if (labelled[z]) this.#reader.read(z, existing);
      proposed.add(z, contest.labels, labelled[z] ? existing : 0);
    }
    const changes = proposed.finish();
    onProgress?.({ fraction: 1, what: `Filled ${changes.voxels} voxels` });
    return changes;
  }

  #open(gap: Gap): Entrant[] {
    const field = (component: Component): Field => this.#fields.get(component, () => this.#chains.fieldBox(component));
    return this.#chains.shapesOf(gap).map((shape) => ({ shape, record: shapeRecord(shape, field) }));
  }

  /** Lets go of what no later gap of the segment asks for: everything below the gap's lower slice. */
  #close(gap: Gap): void {
    for (const component of this.#chains.release(gap.segment, gap.from)) this.#fields.release(component);
  }
}
