import type { TaskContext } from "../crew/task.ts";
import type { PackedChanges } from "../packed-changes.ts";
import type { Component } from "./components.ts";
import { DoubtCollector, type FillDoubts, wrongByBoth } from "./doubts.ts";
import { DrawnPlanes, ObliqueContest } from "./drawn-planes.ts";
import { type Field, FieldStore } from "./fields.ts";
import type { DrawnPlane, SliceOfAxis } from "./fill.api.ts";
import { type DecidedSlice, type FieldSlice, ImageField, ROUNDS } from "./image-field.ts";
import { ImageGuide } from "./image-guide.ts";
import { diceOfSlice, WEIGHTS } from "./image-trial.ts";
import { STEPS_PER_PIXEL } from "./links.ts";
import { MixtureContest } from "./mixture-contest.ts";
import type { ObliqueFrame } from "./oblique-frame.ts";
import { type Axis, type Occupancy, occupiedSlices } from "./occupancy.ts";
import { drawnPlanes } from "./near-labels.ts";
import type { Gap } from "./planes.ts";
import { ProposedBricks } from "./proposed-bricks.ts";
import { type Entrant, hullOf } from "./shape-records.ts";
import { type Shape, ShapeChains } from "./shapes.ts";
import { AlignedShapes, ObliqueShapes, weightsKey, weightsOf } from "./shapes-on-slice.ts";
import { SliceComponents } from "./slice-components.ts";
import { SliceContest } from "./slice-contest.ts";
import { rangeOf, type SlicePart, type SlicePlan } from "./slice-plan.ts";
import { SliceReader } from "./slice-reader.ts";
import { depthsOf } from "./stack-depths.ts";

/** A part of which the doubts are asked. */
export interface DoubtPart extends SlicePart {
  /** A slice whose voxels are wanted one by one. */
  readonly show?: SliceOfAxis;
}

/** Deviation of an outline from where it is drawn, in edges of what was drawn on, and in parts of how far the annotated slices are apart. */
const OWN = 0.7;
const SPREAD = 0.3;

/** The same where the image is looked at, which tells jitter from motion. */
const OWN_BY_IMAGE = 0.5;
const SPREAD_BY_IMAGE = 0.45;

/** Edges of what was drawn on by which pixels may count farther outside than the other side is thick. */
const BEYOND = 2;

const FILLING = "Filling";
const LOOKING = "Looking for doubt on";

/** A gap with its shapes. */
interface ActiveGap {
  readonly gap: Gap;
  readonly entrants: readonly Entrant[];
}

/** Gaps that have something to say on a slice, and their shapes, those of the union first. */
interface Active {
  readonly gaps: readonly ActiveGap[];
  readonly entrants: readonly Entrant[];
}

/** A fill between annotated slices or parallel planes, slice by slice of the volume. */
export class ShapeFill {
  readonly #context: TaskContext;
  readonly #plan: SlicePlan;
  readonly #fields: FieldStore;
  readonly #chains: ShapeChains;
  readonly #request: SlicePart;

  constructor(context: TaskContext, plan: SlicePlan, request: SlicePart) {
    const { stack, gaps, segments, reader } = plan;
    this.#context = context;
    this.#plan = plan;
    this.#request = request;
    this.#fields = new FieldStore(context, stack);
    const union = gaps[0]?.segment === 0 || gaps.some(({ segment }) => segment === 0);
    const components = new SliceComponents(context, stack, reader, segments.keys(), union);
    this.#chains = new ShapeChains(stack, gaps, components, this.#fields);
  }

  /** Fills the slices of a range. */
  async run(range: SlicePart["range"]): Promise<PackedChanges> {
    const { frame, labelled } = this.#plan;
    const { onProgress, arena } = this.#context;
    const contest = this.#contest();
    const existing = arena.scratch(frame.nu * frame.nv * 2 + 64);
    const reader = new SliceReader(this.#context, this.#context.maps![0]!, frame);
    const proposed = new ProposedBricks(this.#context, frame);
    const propose = (z: number): void => {
      if (labelled[z]) reader.read(z, existing);
      proposed.add(z, contest.labels, labelled[z] ? existing : 0);
    };
    const { byImage } = this.#request;
    if (byImage) {
      await this.#runByImage(FILLING, range, contest, byImage, (slice) => {
        if (!isWithin(range, slice.z)) return;
        slice.write(0, contest.labels);
        propose(slice.z);
      });
    } else {
      await this.#sweep(range, FILLING, (z, active) => {
        contest.decide(z, active.entrants);
        propose(z);
      });
    }
    const changes = proposed.finish();
    onProgress?.({ fraction: 1, what: `Filled ${changes.voxels} voxels` });
    return changes;
  }

  /** Shows the labels that shapes and image decide together on the slices of a range, drawn ones between them, and some around. */
  async #runByImage(
    doing: string,
    range: SlicePart["range"],
    contest: SliceContest,
    weight: number,
    decided: (slice: DecidedSlice) => void,
    added?: (slice: FieldSlice, guide: ImageGuide, active: Active) => void,
  ): Promise<void> {
    const { frame, labelled } = this.#plan;
    const around = range && ([Math.max(0, range[0] - ROUNDS), Math.min(frame.slices, range[1] + ROUNDS)] as const);
    const guide = new ImageGuide(this.#context, frame, this.#plan.oblique ? [] : this.#drawnSlices());
    const field = new ImageField(this.#context, frame, this.#ratios(), [weight], decided);
    const addDrawn = async (z: number): Promise<void> => {
      if (!guide.isDrawn(z)) return;
      const slice = field.take();
      field.add(slice, await guide.drawn(z, slice));
    };
    const end = async (): Promise<void> => {
      if (field.last) await addDrawn(field.last.z + 1);
      field.end();
    };
    await this.#sweep(around, doing, async (z, active) => {
      if (field.last && field.last.z !== z - 1) await end();
      if (!field.last) await addDrawn(z - 1);
      await this.#addInDoubt(z, active, contest, guide, field, labelled[z] !== 0);
      added?.(field.last!, guide, active);
    });
    await end();
  }

  /** What the image gains with each of `WEIGHTS` on a drawn slice that this fill leaves out; undefined where nothing is known of it. */
  async gains(z: number, guide: ImageGuide): Promise<number[] | undefined> {
    const contest = this.#contest();
    const { memory } = this.#context.arena;
    const pixels = this.#plan.frame.nu * this.#plan.frame.nv;
    const labelsAt = (at: number): Uint16Array => new Uint16Array(memory.buffer, at, pixels);
    let gains: number[] | undefined;
    await this.#sweep([z, z + 1], "Leaving out", async (_, active) => {
      const dices: (number | undefined)[] = [];
      const field = new ImageField(this.#context, this.#plan.frame, this.#ratios(), WEIGHTS, ({ write }) => {
        for (const nth of WEIGHTS.keys()) {
          write(nth, contest.labels);
          dices.push(diceOfSlice(labelsAt(guide.plane), labelsAt(contest.labels)));
        }
      });
      await this.#addInDoubt(z, active, contest, guide, field, false);
      guide.readDrawn(z);
      const without = diceOfSlice(labelsAt(guide.plane), labelsAt(field.last!.labels));
      field.end();
      // Where shapes know nothing of what is drawn there is nothing to put right.
      if (without) gains = dices.map((dice) => dice! - without);
    });
    return gains;
  }

  /** Adds to a field what shapes decide on slice z, and of which pixels they are unsure. `existing`: something is drawn there already. */
  async #addInDoubt(
    z: number,
    active: Active,
    contest: SliceContest,
    guide: ImageGuide,
    field: ImageField,
    existing: boolean,
  ): Promise<void> {
    const { exports } = this.#context.core;
    const pixels = this.#plan.frame.nu * this.#plan.frame.nv;
    exports.fillDoubtStart(guide.doubts, pixels);
    contest.decide(z, active.entrants, guide.doubts);
    const { oblique, stack } = this.#plan;
    const own = OWN_BY_IMAGE * stack.finer;
    const t = shareOfGap(z, active, oblique);
    exports.fillDoubts(guide.doubts, pixels, own, SPREAD_BY_IMAGE * 4 * t * (1 - t), guide.chances);
    contest.clear(guide.chances, z);
    const slice = field.take();
    field.add(slice, await guide.between(z, slice, contest.labels, existing, this.#drawnOn(z, contest, guide)));
  }

  /** A plane that is 0 where planes that cross slice z are drawn on it; 0 in place of its address where there are none. */
  #drawnOn(z: number, contest: SliceContest, guide: ImageGuide): number {
    if (!this.#plan.oblique && !this.#request.mixture) return 0;
    const { nu, nv } = this.#plan.frame;
    new Float32Array(this.#context.arena.memory.buffer, guide.seen, nu * nv).fill(1);
    contest.clear(guide.seen, z);
    return guide.seen;
  }

  #ratios(): { readonly u: number; readonly v: number; readonly z: number } {
    const { su, sv, sz } = this.#plan.frame;
    const finer = Math.min(su, sv);
    return { u: su / finer, v: sv / finer, z: sz / finer };
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
    await this.#sweep(range, FILLING, (z, active) => {
      contest.decide(z, active.entrants);
      const labels = new Uint16Array(this.#context.arena.memory.buffer, contest.labels, nu * nv);
      visit(z, (ijk) => {
        const [u, v] = [ijk[uAxis] - u0, ijk[vAxis] - v0];
        return u < 0 || v < 0 || u >= nu || v >= nv ? 0 : labels[v * nu + u]!;
      });
    });
  }

  #contest(): SliceContest {
    const context = this.#context;
    const { mixture, spacingMm, oblique, slices = [] } = this.#request;
    const { frame, oblique: turned } = this.#plan;
    const shapes = turned ? new ObliqueShapes(context, frame, turned) : new AlignedShapes(context, frame);
    if (!mixture && !oblique) return new SliceContest(context, frame, shapes);
    const segments = [...this.#plan.segments.keys()];
    const framesOf = (drawn: readonly DrawnPlane[]) => drawnPlanes(context, { spacingMm, segments, drawn });
    const ofStack = framesOf(oblique?.planes ?? []);
    if (!mixture) {
      return new ObliqueContest(context, frame, shapes, new DrawnPlanes(context, frame, ofStack, spacingMm));
    }
    const stack = depthsOf({ axis: frame.axis, slices, ...(oblique ? { oblique } : {}) }, spacingMm);
    const planes = framesOf(mixture.planes);
    const drawn = new DrawnPlanes(context, frame, [...ofStack, ...planes], spacingMm);
    return new MixtureContest(context, frame, shapes, { mixture, stack, spacingMm, segments, planes, drawn });
  }

  /** How likely the fill is wrong on the slices of a range. */
  async doubts({ range, show, byImage }: DoubtPart): Promise<FillDoubts> {
    const { frame, stack, oblique } = this.#plan;
    const { arena, core } = this.#context;
    const pixels = frame.nu * frame.nv;
    const contest = this.#contest();
    const chances = arena.scratch(pixels * 4);
    const jitters = arena.scratch(pixels * 4);
    const view = (of: number): Float32Array => new Float32Array(arena.memory.buffer, of, pixels);
    /** The chances that the shapes of a slice are wrong, and what of them is jitter. */
    const byShape = (doubts: number, z: number, active: Active): [chances: Float32Array, jitters: Float32Array] => {
      const t = shareOfGap(z, active, oblique);
      const own = OWN * stack.finer;
      core.exports.fillDoubts(doubts, pixels, own, SPREAD * 4 * t * (1 - t), chances);
      core.exports.fillDoubts(doubts, pixels, own, 0, jitters);
      contest.clear(chances, z);
      return [view(chances), view(jitters)];
    };
    const collected = new DoubtCollector(this.#context.maps![0]!.dims, show);
    const at: [number, number, number] = [0, 0, 0];
    const add = (z: number, n: number, chance: number, jitter: number): void => {
      at[frame.axis] = z;
      at[frame.uAxis] = frame.u0 + (n % frame.nu);
      at[frame.vAxis] = frame.v0 + Math.floor(n / frame.nu);
      collected.add(at, chance, jitter);
    };
    if (!byImage) {
      const doubts = arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
      await this.#sweep(range, LOOKING, (z, active) => {
        core.exports.fillDoubtStart(doubts, pixels);
        contest.decide(z, active.entrants, doubts);
        const [found, jitter] = byShape(doubts, z, active);
        for (let n = 0; n < pixels; n++) if (found[n] !== 0) add(z, n, found[n]!, jitter[n]!);
      });
      return collected.finish();
    }
    /** Chances and jitter by shape, one after the other, of doubtful pixels of slices that are not decided yet. */
    const waiting = new Map<number, Float32Array>();
    const decided = ({ z, doubtful }: DecidedSlice): void => {
      const own = waiting.get(z);
      if (!own) return;
      waiting.delete(z);
      const { at: doubtfulAt, chances: right } = doubtful(0);
      for (let m = 0; m < right.length; m++) {
        const [shape, jitter] = [own[2 * m]!, own[2 * m + 1]!];
        if (shape === 0) continue;
        const chance = wrongByBoth(Math.min(right[m]!, 1 - right[m]!), shape);
        add(z, doubtfulAt[m]!, chance, (jitter / shape) * chance);
      }
    };
    await this.#runByImage(LOOKING, range, contest, byImage, decided, ({ z, ordinals, count }, guide, active) => {
      if (!isWithin(range, z)) return;
      const [found, jitter] = byShape(guide.doubts, z, active);
      const alone = view(guide.chances);
      const which = new Int32Array(arena.memory.buffer, ordinals, pixels);
      const own = new Float32Array(2 * count);
      for (let n = 0; n < pixels; n++) {
        if (found[n] === 0 || alone[n] === 0) continue;
        const ordinal = which[n]!;
        if (ordinal > 0) {
          own[2 * ordinal - 2] = found[n]!;
          own[2 * ordinal - 1] = jitter[n]!;
        } else {
          const chance = wrongByBoth(alone[n]!, found[n]!);
          add(z, n, chance, (jitter[n]! / found[n]!) * chance);
        }
      }
      waiting.set(z, own);
    });
    return collected.finish();
  }

  /** Calls `visit` for each slice of a range in which gaps have something to say, with these gaps' shapes. */
  async #sweep(
    range: SlicePart["range"],
    doing: string,
    visit: (z: number, active: Active) => void | Promise<void>,
  ): Promise<void> {
    const { gaps, frame, oblique } = this.#plan;
    const { mixture, slices } = this.#request;
    const drawn = new Set(slices);
    const [first, end] = range ?? rangeOf(gaps);
    let next = 0;
    let active: ActiveGap[] = [];
    let entrants: readonly Entrant[] = [];
    for (let z = first; z < end; z++) {
      await this.#context.pacer.pause((z - first) / (end - first), `${doing} slice ${z}`);
      // Slices of the stack that lie on this one of the volume.
      const [low, high] = oblique?.spanOn(frame, z) ?? [z, z];
      const done = active.filter(({ gap }) => gap.to <= low);
      let changed = done.length > 0;
      if (changed) active = active.filter(({ gap }) => gap.to > low);
      for (; next < gaps.length && gaps[next]!.from < high; next++) {
        const gap = gaps[next]!;
        if (gap.to <= low) continue;
        active.push({ gap, entrants: this.#open(gap) });
        changed = true;
      }
      for (const { gap } of done) this.#close(gap);
      if (changed) {
        active.sort((a, b) => a.gap.segment - b.gap.segment);
        entrants = active.flatMap((own) => own.entrants);
      }
      if (active.length > 0 || (mixture && !drawn.has(z))) await visit(z, { gaps: active, entrants });
    }
  }

  #open(gap: Gap): Entrant[] {
    const field = (component: Component): Field => this.#fields.get(component, () => this.#chains.fieldBox(component));
    const maybe = (component: Component | undefined): Field | undefined => component && field(component);
    const fieldsOf = (shape: Shape): Entrant["fields"] =>
      shape.kind === "lone"
        ? [undefined, field(shape.component), undefined, undefined]
        : [maybe(shape.four[0]), field(shape.four[1]), field(shape.four[2]), maybe(shape.four[3])];
    return this.#chains.shapesOf(gap).map((shape) => ({
      shape,
      ...this.#withLeast(fieldsOf(shape)),
      weights: weightsKey(shape),
      ...(this.#plan.oblique ? { hull: hullOf(shape, (z) => weightsOf(shape, z)) } : {}),
    }));
  }

  /**
   * What has no counterpart on the other side closes about half-way, as a lone shape does, however far that side is: pixels count no
   * farther outside than it is thick, and a little.
   */
  #withLeast(fields: Entrant["fields"]): Pick<Entrant, "fields" | "least"> {
    const [, from, to] = fields;
    const beyond = BEYOND * STEPS_PER_PIXEL * this.#plan.stack.finer;
    return { fields, ...(to ? { least: [-(to.radius + beyond), -(from.radius + beyond)] } : {}) };
  }

  /** Lets go of what no later gap of the segment asks for: everything below the gap's lower slice. */
  #close(gap: Gap): void {
    for (const component of this.#chains.release(gap.segment, gap.from)) this.#fields.release(component);
  }
}

function isWithin(range: SlicePart["range"], z: number): boolean {
  return !range || (z >= range[0] && z < range[1]);
}

/** Where in its gap slice z lies, 0 to 1. Between planes that cross the slice that is in the doubts of each pixel. */
function shareOfGap(z: number, { gaps }: Active, oblique: ObliqueFrame | undefined): number {
  const gap = gaps[0]?.gap;
  return gap && !oblique ? (z - gap.from) / (gap.to - gap.from) : 0.5;
}

/** Slices on which any segment is drawn, or that are named, ascending. */
export function drawnSlicesOf(
  segments: ReadonlyMap<number, Occupancy>,
  axis: Axis,
  slices: readonly number[] | undefined,
): number[] {
  const all = slices ?? [...segments.values()].flatMap((occupancy) => occupiedSlices(occupancy[axis]));
  return [...new Set(all)].sort((a, b) => a - b);
}
