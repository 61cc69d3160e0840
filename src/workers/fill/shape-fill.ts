import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import type { PackedChanges } from "../packed-changes.ts";
import { axisUnclear, findAxis } from "./axis.ts";
import type { Component } from "./components.ts";
import { type Field, FieldStore } from "./fields.ts";
import { findDrawnSlices } from "./drawn-slices.ts";
import { DoubtCollector, type FillDoubts } from "./doubts.ts";
import type { DrawnPlane, ImageGain, SliceOfAxis, SliceRequest } from "./fill.api.ts";
import { SliceFrame } from "./frame.ts";
import { diceOfSlice } from "./image-decision.ts";
import { ImageGuide } from "./image-guide.ts";
import { type Axis, findOccupancy, type LabelOccupancy, type Occupancy, occupiedSlices } from "./occupancy.ts";
import { type Mixture, MixtureContest } from "./mixture-contest.ts";
import { findGaps, type Gap } from "./planes.ts";
import { ProposedBricks } from "./proposed-bricks.ts";
import { shapeRecord } from "./shape-records.ts";
import { ShapeChains } from "./shapes.ts";
import { SliceComponents } from "./slice-components.ts";
import { type Entrant, SliceContest } from "./slice-contest.ts";
import { SliceReader } from "./slice-reader.ts";

/** A part of which the doubts are asked. */
export interface DoubtPart extends SlicePart {
  /** A slice whose voxels are wanted one by one. */
  readonly show?: SliceOfAxis;
}

/** What a part of a fill between slices works on. */
export interface SlicePart extends SliceRequest {
  /** Slices of this part, the upper end outside; all when absent. */
  readonly range?: readonly [first: number, end: number];
  /** What further planes correct. */
  readonly mixture?: Mixture;
  /** Whether the image moves borders. */
  readonly byImage?: boolean;
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

  constructor(context: TaskContext, request: SliceRequest) {
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

/** Pixels around labels that an image is looked at, for what is beside them. */
const AROUND = 12;

/** Tries the image on every `of`-th inner drawn slice from the `nth` on. */
export interface TrialPart extends SlicePart {
  readonly axis: Axis;
  readonly nth: number;
  readonly of: number;
}

/** What the image gains on drawn slices that are left out, one at a time. */
export async function imageGains(context: TaskContext, part: TrialPart): Promise<ImageGain[]> {
  const occupancy = occupancyOf(context, part);
  const { axis, spacingMm } = part;
  const drawn = drawnSlicesOf(occupancy.segments, axis, part.slices);
  const frame = new SliceFrame(context.maps![0]!.dims, axis, spacingMm, occupancy.segments, AROUND);
  const gains: ImageGain[] = [];
  const used = context.arena.usedBytes;
  for (let n = 1 + part.nth; n + 1 < drawn.length; n += part.of) {
    await context.pacer.pause(n / drawn.length, "Trying the image on drawn slices");
    const z = drawn[n]!;
    // As if nothing were drawn on it.
    const segments = new Map([...occupancy.segments].map(([segment, own]) => [segment, withoutSlice(own, axis, z)]));
    const others = drawn.filter((other) => other !== z);
    const gaps = findGaps(segments, axis, part.slices && others).filter(({ from, to }) => from < z && to > z);
    if (gaps.length === 0) continue;
    const all = findGaps(segments, axis, part.slices && others);
    const fill = new ShapeFill(context, { frame, gaps: all, segments, labelled: occupancy.any[axis] }, part);
    const gain = await fill.gain(z, new ImageGuide(context, frame, others));
    if (gain !== undefined) gains.push({ z, gain });
    context.arena.rewind(used);
  }
  return gains;
}

function withoutSlice(occupancy: Occupancy, axis: Axis, z: number): Occupancy {
  const own = occupancy[axis].slice();
  own[z] = 0;
  return [axis === 0 ? own : occupancy[0], axis === 1 ? own : occupancy[1], axis === 2 ? own : occupancy[2]];
}

function drawnSlicesOf(
  segments: ReadonlyMap<number, Occupancy>,
  axis: Axis,
  slices: readonly number[] | undefined,
): number[] {
  const all = slices ?? [...segments.values()].flatMap((occupancy) => occupiedSlices(occupancy[axis]));
  return [...new Set(all)].sort((a, b) => a - b);
}

interface SlicePlan {
  readonly frame: SliceFrame;
  readonly gaps: readonly Gap[];
  readonly segments: ReadonlyMap<number, Occupancy>;
  /** Slices along the axis with any label. */
  readonly labelled: Uint8Array;
}

function planSlices(context: TaskContext, request: SlicePart): SlicePlan {
  const occupancy = occupancyOf(context, request);
  const { segments, any } = occupancy;
  const axis = request.axis ?? findAxis(segments);
  if (axis === undefined) throw axisUnclear(segments);
  return {
    frame: new SliceFrame(context.maps![0]!.dims, axis, request.spacingMm, segments, request.byImage ? AROUND : 0),
    gaps: request.mixture ? stackedGaps(occupancy, axis, request, request.mixture) : planGaps(occupancy, axis, request),
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

/** The gaps of those segments that a stack shows. */
function stackedGaps(
  { segments }: LabelOccupancy,
  axis: Axis,
  { slices }: SliceRequest,
  { stacked }: Mixture,
): readonly Gap[] {
  return findGaps(new Map([...segments].filter(([segment]) => stacked.includes(segment))), axis, slices);
}

function rangeOf(gaps: readonly Gap[]): [first: number, end: number] {
  return [
    gaps.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY) + 1,
    gaps.reduce((most, { to }) => Math.max(most, to), 0),
  ];
}

/** Deviation of an outline from where it is drawn, in pixels, and in parts of how far the annotated slices are apart. */
const OWN = 0.7;
const SPREAD = 0.3;

/** A gap with its shapes. */
interface ActiveGap {
  readonly gap: Gap;
  readonly entrants: readonly Entrant[];
}

class ShapeFill {
  readonly #context: TaskContext;
  readonly #plan: SlicePlan;
  readonly #reader: SliceReader;
  readonly #fields: FieldStore;
  readonly #chains: ShapeChains;
  readonly #request: SlicePart;

  constructor(context: TaskContext, plan: SlicePlan, request: SlicePart) {
    const { frame, gaps, segments } = plan;
    this.#context = context;
    this.#plan = plan;
    this.#request = request;
    this.#reader = new SliceReader(context, context.maps![0]!, frame);
    this.#fields = new FieldStore(context, frame);
    const union = gaps[0]?.segment === 0 || gaps.some(({ segment }) => segment === 0);
    const components = new SliceComponents(context, frame, this.#reader, segments.keys(), union);
    this.#chains = new ShapeChains(frame, gaps, components, this.#fields);
  }

  /** Fills the slices of a range. */
  async run(range: SlicePart["range"]): Promise<PackedChanges> {
    const { frame, labelled } = this.#plan;
    const { onProgress, arena } = this.#context;
    const contest = this.#contest();
    const existing = arena.scratch(frame.nu * frame.nv * 2 + 64);
    const proposed = new ProposedBricks(this.#context, frame);
    const guide = this.#request.byImage ? new ImageGuide(this.#context, frame, this.#drawnSlices()) : undefined;
    await this.#sweep(range, "Filling", async (z, active) => {
      if (guide) await this.#byImage(z, active, contest, guide);
      else {
        contest.decide(
          z,
          active.flatMap(({ entrants }) => entrants),
        );
      }
      if (labelled[z]) this.#reader.read(z, existing);
      proposed.add(z, contest.labels, labelled[z] ? existing : 0);
    });
    const changes = proposed.finish();
    onProgress?.({ fraction: 1, what: `Filled ${changes.voxels} voxels` });
    return changes;
  }

  /**
   * What the image gains on a drawn slice that this fill leaves out; undefined where nothing is known of it. `without`: all drawn slices
   * but that.
   */
  async gain(z: number, guide: ImageGuide): Promise<number | undefined> {
    const contest = this.#contest();
    let gain: number | undefined;
    await this.#sweep([z, z + 1], "Leaving out", async (_, active) => {
      const byShape = await this.#byImage(z, active, contest, guide);
      const drawn = guide.drawnLabels(z);
      const without = diceOfSlice(drawn, byShape);
      const by = diceOfSlice(drawn, guide.labelsAt(contest.labels));
      if (without !== undefined && by !== undefined) gain = by - without;
    });
    return gain;
  }

  /** Lets shapes decide slice z, then the image where they are unsure; gives what shapes alone decided. */
  async #byImage(
    z: number,
    active: readonly ActiveGap[],
    contest: SliceContest,
    guide: ImageGuide,
  ): Promise<Uint16Array> {
    const { exports } = this.#context.core;
    const pixels = this.#plan.frame.nu * this.#plan.frame.nv;
    exports.fillDoubtStart(guide.doubts, pixels);
    contest.decide(
      z,
      active.flatMap(({ entrants }) => entrants),
      guide.doubts,
    );
    const { from, to } = active[0]!.gap;
    const t = (z - from) / (to - from);
    exports.fillDoubts(guide.doubts, pixels, OWN, SPREAD * 4 * t * (1 - t), guide.chances);
    return guide.decide(z, contest.labels);
  }

  /** Slices on which any segment is drawn, or that are named. */
  #drawnSlices(): number[] {
    const { slices } = this.#request;
    return drawnSlicesOf(this.#plan.segments, this.#plan.frame.axis, slices);
  }

  /** Shows the labels of every slice of a range between annotated ones. */
  async labels(
    range: readonly [first: number, end: number],
    visit: (z: number, labelAt: (ijk: readonly [number, number, number]) => number) => void,
  ): Promise<void> {
    const { nu, nv, u0, v0, uAxis, vAxis } = this.#plan.frame;
    const contest = this.#contest();
    await this.#sweep(range, "Filling", (z, active) => {
      contest.decide(
        z,
        active.flatMap(({ entrants }) => entrants),
      );
      const labels = new Uint16Array(this.#context.arena.memory.buffer, contest.labels, nu * nv);
      visit(z, (ijk) => {
        const [u, v] = [ijk[uAxis] - u0, ijk[vAxis] - v0];
        return u < 0 || v < 0 || u >= nu || v >= nv ? 0 : labels[v * nu + u]!;
      });
    });
  }

  #contest(): SliceContest {
    const { mixture } = this.#request;
    const { frame } = this.#plan;
    if (!mixture) return new SliceContest(this.#context, frame);
    return new MixtureContest(this.#context, frame, { ...this.#request, mixture }, [...this.#plan.segments.keys()]);
  }

  /** How likely the fill is wrong on the slices of a range. */
  async doubts({ range, show }: DoubtPart): Promise<FillDoubts> {
    const { frame } = this.#plan;
    const { arena, core } = this.#context;
    const pixels = frame.nu * frame.nv;
    const contest = this.#contest();
    const doubts = arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
    const chances = arena.scratch(pixels * 4);
    const jitters = arena.scratch(pixels * 4);
    const collected = new DoubtCollector(this.#context.maps![0]!.dims, show);
    await this.#sweep(range, "Looking for doubt on", (z, active) => {
      core.exports.fillDoubtStart(doubts, pixels);
      contest.decide(
        z,
        active.flatMap(({ entrants }) => entrants),
        doubts,
      );
      const gap = active[0]?.gap;
      const t = gap ? (z - gap.from) / (gap.to - gap.from) : 0.5;
      core.exports.fillDoubts(doubts, pixels, OWN, SPREAD * 4 * t * (1 - t), chances);
      core.exports.fillDoubts(doubts, pixels, OWN, 0, jitters);
      contest.clear(chances, z);
      const found = new Float32Array(arena.memory.buffer, chances, pixels);
      const jitter = new Float32Array(arena.memory.buffer, jitters, pixels);
      const at: [number, number, number] = [0, 0, 0];
      at[frame.axis] = z;
      for (let n = 0; n < pixels; n++) {
        if (found[n] === 0) continue;
        at[frame.uAxis] = frame.u0 + (n % frame.nu);
        at[frame.vAxis] = frame.v0 + Math.floor(n / frame.nu);
        collected.add(at, found[n]!, jitter[n]!);
      }
    });
    return collected.finish();
  }

  /** Calls `visit` for each slice of a range in which gaps have something to say, with these gaps' shapes. */
  async #sweep(
    range: SlicePart["range"],
    doing: string,
    visit: (z: number, active: readonly ActiveGap[]) => void | Promise<void>,
  ): Promise<void> {
    const { gaps } = this.#plan;
    const { mixture, slices } = this.#request;
    const drawn = new Set(slices);
    const [first, end] = range ?? rangeOf(gaps);
    let next = 0;
    let active: ActiveGap[] = [];
    for (let z = first; z < end; z++) {
      await this.#context.pacer.pause((z - first) / (end - first), `${doing} slice ${z}`);
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
      if (active.length > 0 || (mixture && !drawn.has(z))) await visit(z, active);
    }
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
