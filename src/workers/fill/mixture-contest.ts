import type { TaskContext } from "../crew/task.ts";
import type { BendingField } from "./bending-field.ts";
import { Corrections, type PlaneErrors } from "./corrections.ts";
import type { DrawnPlane, SliceRequest } from "./fill.api.ts";
import type { SliceFrame } from "./frame.ts";
import { drawnPlanes } from "./plane-fill.ts";
import { type Entrant, LEAST, SliceContest } from "./slice-contest.ts";

/** What further planes say about a stack's fill. */
export interface Mixture {
  readonly planes: readonly DrawnPlane[];
  /** Segments that the stack shows; the others' values are those of their fields on all slices. */
  readonly stacked: readonly number[];
  readonly errors: readonly PlaneErrors[];
  /** Fields for what lies beyond the stack, and for segments that it does not show. */
  readonly fields: readonly BendingField[];
}

/** Pixels around shapes in which planes may correct them. */
const AROUND = 6;

/** Deviation of a field, a part of the way to the nearest plane, as a part of how a stack's slices are apart. */
const FIELD_SPREAD = 0.33;

/**
 * The contest on a slice where further planes have a say: a segment's value is the stack's, moved by what the stack is missed by on the
 * planes near by; beyond the stack, and for segments that it does not show, it is that of a field through all planes.
 */
export class MixtureContest extends SliceContest {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #corrections: Corrections;
  readonly #stacked: ReadonlySet<number>;
  readonly #segments: readonly number[];
  readonly #slices: readonly number[];
  readonly #values: number;
  #base = 0;

  constructor(
    context: TaskContext,
    frame: SliceFrame,
    request: SliceRequest & { readonly mixture: Mixture },
    segments: readonly number[],
  ) {
    super(context, frame);
    const { mixture, spacingMm, slices } = request;
    const planes = drawnPlanes(context, { spacingMm, segments, drawn: mixture.planes });
    this.#context = context;
    this.#frame = frame;
    this.#corrections = new Corrections(context, frame, planes, spacingMm, mixture);
    this.#stacked = new Set([...(mixture.stacked.length > 1 ? [0] : []), ...mixture.stacked]);
    this.#segments = segments.length > 1 ? [0, ...segments] : segments;
    this.#slices = slices!.toSorted((a, b) => a - b);
    this.#values = context.arena.scratch((frame.nu * frame.nv + 16) * 4);
  }

  override decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    const { arena, core } = this.#context;
    const pixels = this.#frame.nu * this.#frame.nv;
    const inside = z > this.#slices[0]! && z < this.#slices.at(-1)!;
    const nearest = this.#slices.reduce((least, slice) => Math.min(least, Math.abs(slice - z)), Infinity);
    const own = 1 / (nearest * this.#frame.sz) ** 2;
    if (doubts) {
      // How far the stack's own slices are apart.
      this.#base ||= arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
      core.exports.fillDoubtStart(this.#base, pixels);
      super.decide(z, entrants, this.#base);
    }
    this.start();
    this.#corrections.start(z);
    for (const segment of this.#segments) {
      const ofStack = inside && this.#stacked.has(segment);
      const shapes = ofStack ? entrants.filter(({ shape }) => shape.gap.segment === segment) : [];
      if (ofStack) this.values(z, shapes, AROUND, this.#values);
      else if (!this.#corrections.hasField(segment)) continue;
      else {
        new Int32Array(arena.memory.buffer, this.#values, pixels).fill(LEAST);
        this.#corrections.field(segment, z, this.#values);
      }
      if (ofStack) this.#corrections.sum(segment, z);
      else new Float32Array(arena.memory.buffer, this.#corrections.sums, pixels).fill(0);
      core.exports.fillCorrect(
        this.#values,
        this.#corrections.sums,
        this.#corrections.weights,
        own,
        pixels,
        segment,
        this.#segments.length > 1 && (shapes[0]?.shape.gap.shared ?? true) ? 1 : 0,
        this.best,
        this.labels,
        this.union,
        doubts,
        ofStack ? this.#base : 0,
        FIELD_SPREAD / Math.min(this.#frame.su, this.#frame.sv),
      );
    }
    this.#corrections.clear(this.labels, 0, z);
  }

  override clear(chances: number, z: number): void {
    this.#corrections.clear(0, chances, z);
  }
}
