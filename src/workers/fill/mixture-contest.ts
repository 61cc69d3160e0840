import type { TaskContext } from "../crew/task.ts";
import type { BendingField } from "./bending-field.ts";
import { Corrections, ERROR_REACH, type PlaneErrors } from "./corrections.ts";
import type { DrawnPlanes } from "./drawn-planes.ts";
import type { DrawnPlane } from "./fill.api.ts";
import type { SliceFrame } from "./frame.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { PlaneFrame } from "./plane-frame.ts";
import type { Entrant } from "./shape-records.ts";
import type { ShapesOnSlice } from "./shapes-on-slice.ts";
import { SliceContest } from "./slice-contest.ts";
import type { StackDepths } from "./stack-depths.ts";

/** What further planes say about a stack's fill. */
export interface Mixture {
  readonly planes: readonly DrawnPlane[];
  /** Segments that the stack shows; the others' values are those of their fields on all slices. */
  readonly stacked: readonly number[];
  readonly errors: readonly PlaneErrors[];
  /** Fields for what lies beyond the stack, and for segments that it does not show. */
  readonly fields: readonly BendingField[];
}

/** Deviation of a field, a part of the way to the nearest plane, as a part of how a stack's slices are apart. */
const FIELD_SPREAD = 0.33;

/**
 * The contest on a slice where further planes have a say: a segment's value is the stack's, moved by what the stack is missed by on the
 * planes near by; beyond the stack, and for segments that it does not show, it is that of a field through all planes.
 */
export class MixtureContest extends SliceContest {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #stack: StackDepths;
  readonly #corrections: Corrections;
  readonly #stacked: ReadonlySet<number>;
  readonly #segments: readonly number[];
  readonly #drawn: DrawnPlanes;
  readonly #values: number;
  #base = 0;

  /** `planes`: the frames of the further planes; `drawn`: all planes across no slice of the frame. */
  constructor(
    context: TaskContext,
    frame: SliceFrame,
    shapes: ShapesOnSlice,
    request: {
      readonly mixture: Mixture;
      readonly stack: StackDepths;
      readonly spacingMm: SpacingMm;
      readonly segments: readonly number[];
      readonly planes: readonly PlaneFrame[];
      readonly drawn: DrawnPlanes;
    },
  ) {
    super(context, frame, shapes);
    const { mixture, stack, spacingMm, segments, planes, drawn } = request;
    this.#context = context;
    this.#frame = frame;
    this.#stack = stack;
    this.#drawn = drawn;
    this.#corrections = new Corrections(context, frame, planes, spacingMm, stack, mixture);
    this.#stacked = new Set([...(mixture.stacked.length > 1 ? [0] : []), ...mixture.stacked]);
    this.#segments = segments.length > 1 ? [0, ...segments] : segments;
    this.#values = context.arena.scratch((frame.nu * frame.nv + 16) * 4);
  }

  override decide(z: number, entrants: readonly Entrant[], doubts = 0): void {
    const { arena, core } = this.#context;
    const pixels = this.#frame.nu * this.#frame.nv;
    const reach = ERROR_REACH * this.#stack.finer;
    if (doubts) {
      // How far the stack's own slices are apart.
      this.#base ||= arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
      core.exports.fillDoubtStart(this.#base, pixels);
      super.decide(z, entrants, this.#base);
    }
    this.start();
    const inside = this.#corrections.start(z);
    const bySegment = new Map<number, Entrant[]>();
    for (const entrant of entrants) {
      const own = bySegment.get(entrant.shape.gap.segment);
      if (own) own.push(entrant);
      else bySegment.set(entrant.shape.gap.segment, [entrant]);
    }
    for (const segment of this.#segments) {
      const ofStack = inside !== "none" && this.#stacked.has(segment);
      const hasField = this.#corrections.hasField(segment);
      if (!ofStack && !hasField) continue;
      const shapes = ofStack ? (bySegment.get(segment) ?? []) : [];
      const missed = ofStack && this.#corrections.sum(segment, z);
      if (shapes.length === 0 && !missed && !hasField) continue;
      if (!ofStack) core.exports.clearBytes(this.#corrections.sums, pixels * 4);
      this.values(z, shapes, reach, this.#values);
      if (hasField && !(ofStack && inside === "all")) {
        this.#corrections.field(segment, z, ofStack ? this.#corrections.owns : 0, this.#values);
      }
      core.exports.fillCorrect(
        this.#values,
        this.#corrections.sums,
        this.#corrections.weights,
        this.#corrections.owns,
        pixels,
        segment,
        this.#segments.length > 1 && (shapes[0]?.shape.gap.shared ?? true) ? 1 : 0,
        this.best,
        this.labels,
        this.union,
        doubts,
        ofStack ? this.#base : 0,
        FIELD_SPREAD / this.#stack.edgeMm,
        reach,
      );
    }
    this.#drawn.clear(this.labels, 0, z);
  }

  override clear(chances: number, z: number): void {
    this.#drawn.clear(0, chances, z);
  }
}
