import type { TaskContext } from "../crew/task.ts";

/** Where slices are laid out. */
type CoreContext = Pick<TaskContext, "arena" | "core">;

/** Rounds in which pixels hear of their neighbours; what lies farther away has no say. */
export const ROUNDS = 3;

/** Edges of a voxel over the smaller edge of a pixel. */
export interface EdgeRatios {
  readonly u: number;
  readonly v: number;
  readonly z: number;
}

/** A slice that is decided; valid until the next one is. */
export interface DecidedSlice {
  readonly z: number;
  /** Writes the labels that the nth of the weights leads to, as u16, to a plane in the core. */
  write(nth: number, to: number): void;
  /** The doubtful pixels, and their chances with the nth weight that their own label is right and not the other. */
  doubtful(nth: number): { readonly at: Int32Array; readonly chances: Float32Array };
}

/** A slice in the memory of the core, used again for later ones. */
export class FieldSlice {
  readonly #context: CoreContext;
  readonly #weights: number;
  /** Planes of labels (u16), of values (f32), and of which doubtful pixel a pixel is (i32); the last two are others' as soon as both neighbours are linked. */
  readonly labels: number;
  values = 0;
  ordinals = 0;
  z = 0;
  /** Its record (`FieldSlice` of assembly/memory/fill-image.ts), and how many doubtful pixels that has. */
  record = 0;
  count = 0;
  below: FieldSlice | undefined;
  above: FieldSlice | undefined;
  /** For each weight how many rounds are known. */
  readonly #known: number[];
  #room = 0;
  #chances = 0;

  constructor(context: CoreContext, pixels: number, weights: number) {
    this.#context = context;
    this.#weights = weights;
    this.#known = Array.from({ length: weights }, () => -1);
    this.labels = context.arena.scratch(pixels * 2 + 64);
  }

  /** Begins a slice with room for so many doubtful pixels, of which there are none yet. */
  start(z: number, room: number): void {
    const { arena, core } = this.#context;
    if (room > this.#room || this.record === 0) {
      this.#room = Math.ceil((room * 1.25 + 64) / 16) * 16;
      this.record = arena.scratch(core.exports.fillFieldBytes(this.#room));
      this.#chances = arena.scratch(this.#room * 4 * this.#weights * (ROUNDS + 1));
    }
    core.exports.fillFieldStart(this.record, this.#room, this.labels, this.values, this.ordinals);
    this.z = z;
    this.count = 0;
    this.below = this.above = undefined;
    this.#known.fill(-1);
  }

  /** Where chances are with one of `weights` after so many rounds. */
  after(weights: readonly number[], nth: number, round: number): number {
    const at = (of: number): number => this.#chances + (nth * (ROUNDS + 1) + of) * this.#room * 4;
    if (this.#known[nth]! >= round) return at(round);
    const { exports } = this.#context.core;
    if (round === 0) exports.fillFieldAlone(this.record, weights[nth]!, at(0));
    else {
      const own = this.after(weights, nth, round - 1);
      const of = (beside: FieldSlice | undefined): number =>
        beside && beside.count > 0 ? beside.after(weights, nth, round - 1) : own;
      exports.fillFieldRound(this.record, weights[nth]!, own, of(this.below), of(this.above), at(round));
    }
    this.#known[nth] = round;
    return at(round);
  }
}

/**
 * Labels of slices that follow one another, decided by shape, image and neighbours together: a mean field of Potts' model whose pixels hold
 * together where the image is alike (Grady's weights, Random walks for image segmentation, 2006) and else have the odds of the shape and of
 * their value. A pixel has its own label or the nearest other one. After `ROUNDS` rounds, so that a slice depends on as many on both
 * sides, and no voxel on how slices are shared out. Plainly: reference/fill-field.ts.
 */
export class ImageField {
  readonly #context: CoreContext;
  readonly #nu: number;
  readonly #nv: number;
  readonly #ratios: EdgeRatios;
  readonly #weights: readonly number[];
  readonly #decided: (slice: DecidedSlice) => void;
  /** Planes of values and of ordinals of this slice and the one before, in turn. */
  readonly #values: readonly [number, number];
  readonly #ordinals: readonly [number, number];
  #turn = 0;
  #free: FieldSlice[] = [];
  /** The last ones that followed one another; those before `#next` are decided. */
  #chain: FieldSlice[] = [];
  #next = 0;

  /**
   * `weights`: what the image's odds may be worth beside those of the shape. `decided` takes the labels of slices in the order in which they
   * are added.
   */
  constructor(
    context: CoreContext,
    { nu, nv }: { readonly nu: number; readonly nv: number },
    ratios: EdgeRatios,
    weights: readonly number[],
    decided: (slice: DecidedSlice) => void,
  ) {
    const plane = (): number => context.arena.scratch(nu * nv * 4);
    this.#context = context;
    this.#nu = nu;
    this.#nv = nv;
    this.#ratios = ratios;
    this.#weights = weights;
    this.#decided = decided;
    this.#values = [plane(), plane()];
    this.#ordinals = [plane(), plane()];
  }

  /** The slice that came last, if the next one may follow it. */
  get last(): FieldSlice | undefined {
    return this.#chain.at(-1);
  }

  /** Memory for the slice that is added next. */
  take(): FieldSlice {
    const slice = this.#free.pop() ?? new FieldSlice(this.#context, this.#nu * this.#nv, this.#weights.length);
    this.#turn = 1 - this.#turn;
    slice.values = this.#values[this.#turn]!;
    slice.ordinals = this.#ordinals[this.#turn]!;
    return slice;
  }

  /** Adds the slice after the last one, or the first. `step`: mean square of the steps between values of neighbouring pixels. */
  add(added: FieldSlice, step: number): void {
    const { u, v, z } = this.#ratios;
    this.#context.core.exports.fillFieldReady(added.record, step);
    this.#link(added, 1, added, 1, 0, u);
    this.#link(added, 0, added, -1, 0, u);
    this.#link(added, 3, added, 0, 1, v);
    this.#link(added, 2, added, 0, -1, v);
    const below = this.last;
    if (below) {
      this.#link(added, 4, below, 0, 0, z);
      this.#link(below, 5, added, 0, 0, z);
      added.below = below;
      below.above = added;
    }
    this.#chain.push(added);
    if (this.#chain.length - this.#next > ROUNDS) this.#decide();
  }

  #link(slice: FieldSlice, side: number, other: FieldSlice, du: number, dv: number, ratio: number): void {
    if (slice.count === 0) return;
    this.#context.core.exports.fillFieldLink(slice.record, side, other.record, this.#nu, this.#nv, du, dv, ratio);
  }

  /** Ends what follows one another: the rest is decided. */
  end(): void {
    while (this.#next < this.#chain.length) this.#decide();
    this.#free.push(...this.#chain);
    this.#chain = [];
    this.#next = 0;
  }

  #decide(): void {
    const slice = this.#chain[this.#next++]!;
    const { exports } = this.#context.core;
    // Whether the labels are asked for or not: chances of this one are for the next, and this one's neighbours are there now.
    const chances = this.#weights.map((_, nth) => slice.after(this.#weights, nth, ROUNDS));
    this.#decided({
      z: slice.z,
      write: (nth, to) => exports.fillFieldDecide(slice.record, chances[nth]!, this.#nu * this.#nv, to),
      doubtful: (nth) => {
        const { buffer } = this.#context.arena.memory;
        const at = exports.fillFieldPixels(slice.record) >>> 0;
        return {
          at: new Int32Array(buffer, at, slice.count),
          chances: new Float32Array(buffer, chances[nth]!, slice.count),
        };
      },
    });
    // Of the one before the next the chances are still asked for, and are known.
    if (this.#next > 1) {
      this.#free.push(this.#chain.shift()!);
      this.#next--;
      this.#chain[0]!.below = undefined;
    }
  }
}
