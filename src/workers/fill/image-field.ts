import type { DoubtfulPixels } from "./image-evidence.ts";

/** How much six neighbours that are alike to a pixel say together with its own odds. */
const LIKENESS = 1;
/** Rounds in which pixels hear of their neighbours; what lies farther away has no say. */
export const ROUNDS = 3;

/** One slice, as its neighbours see it. */
export interface FieldSlice {
  readonly z: number;
  /** Labels as they are without the image, of all pixels of the frame. */
  readonly labels: Uint16Array;
  readonly values: Float32Array;
  /** Pixels whose label is not sure; the others are as they are. */
  readonly doubtful: DoubtfulPixels;
  /** Mean square of the steps between values of neighbouring pixels. */
  readonly step: number;
}

/** Edges of a voxel over the smaller edge of a pixel. */
export interface EdgeRatios {
  readonly u: number;
  readonly v: number;
  readonly z: number;
}

/** Neighbours of a pixel along u, along v and across slices, in pairs. */
const SIDES = 6;
const AXES = 3;

/** A slice with its neighbours: of each doubtful pixel what they add to its odds. */
class Linked {
  readonly slice: FieldSlice;
  /** Which doubtful pixel a pixel is, and one more; 0 where it is sure. Let go of when both neighbours are linked. */
  ordinals: Int32Array | undefined;
  /** What sure neighbours add, and of doubtful ones which they are and what their chance to have their own label is multiplied with. */
  readonly #fixed: Float64Array;
  readonly #neighbours: Int32Array;
  readonly #factors: Float64Array;
  /** How much those along u, along v and on the slice below are to hold together with a doubtful pixel. */
  readonly #alike: Float64Array;
  /** For each weight the chances that doubtful pixels have their own label, after every round. */
  readonly #chances: Float64Array[][];
  readonly #weights: readonly number[];
  below: Linked | undefined;
  above: Linked | undefined;

  constructor(slice: FieldSlice, weights: readonly number[]) {
    const { at } = slice.doubtful;
    this.slice = slice;
    const ordinals = (this.ordinals = new Int32Array(slice.labels.length));
    for (let n = 0; n < at.length; n++) ordinals[at[n]!] = n + 1;
    this.#fixed = new Float64Array(at.length);
    this.#neighbours = new Int32Array(at.length * SIDES);
    this.#factors = new Float64Array(at.length * SIDES);
    this.#alike = new Float64Array(at.length * AXES);
    this.#chances = weights.map(() => []);
    this.#weights = weights;
  }

  /**
   * Adds neighbours in the slice `other` (itself, or the one below or above), `du` and `dv` away, as side `side`. How alike two doubtful
   * pixels are is found for one of them: sides 1 and 3 of a slice come before 0 and 2, and side 4 before the other's side 5.
   */
  link(side: number, other: Linked, nu: number, nv: number, du: number, dv: number, ratio: number): void {
    const { labels, values, doubtful, step } = this.slice;
    const { at, rivals } = doubtful;
    const { labels: theirLabels, values: theirValues, doubtful: theirs, step: theirStep } = other.slice;
    const ordinals = other.ordinals!;
    const scale = -1 / (Math.max(step, theirStep) || 1);
    const like = LIKENESS / (ratio * ratio);
    const axis = side >> 1;
    const known = side === 0 || side === 2 || side === 5;
    const [fixed, neighbours, factors, alike] = [this.#fixed, this.#neighbours, this.#factors, this.#alike];
    const theirAlike = other.#alike;
    for (let n = 0; n < at.length; n++) {
      const pixel = at[n]!;
      const beside = pixel + dv * nu + du;
      if (beside < 0 || beside >= nu * nv || (du !== 0 && (du < 0 ? pixel : beside) % nu === 0)) continue;
      const ordinal = ordinals[beside]!;
      let weight = 0;
      if (known && ordinal > 0) weight = theirAlike[(ordinal - 1) * AXES + axis]!;
      else {
        const apart = values[pixel]! - theirValues[beside]!;
        weight = like * Math.exp(apart * apart * scale);
        if (!known) alike[n * AXES + axis] = weight;
      }
      // NaN on either side: they say nothing of one another.
      if (!(weight > 0)) continue;
      const own = labels[pixel]!;
      const rival = rivals[n]!;
      const asItIs = vote(theirLabels[beside]!, own, rival) * weight;
      if (ordinal === 0) {
        fixed[n]! += asItIs;
        continue;
      }
      const otherwise = vote(theirs.rivals[ordinal - 1]!, own, rival) * weight;
      fixed[n]! += otherwise;
      neighbours[n * SIDES + side] = ordinal - 1;
      factors[n * SIDES + side] = asItIs - otherwise;
    }
  }

  /** Labels after all rounds with a weight. */
  decided(nth: number): Uint16Array {
    const { labels, doubtful } = this.slice;
    const moved = labels.slice();
    const chances = this.#after(nth, ROUNDS);
    for (let n = 0; n < chances.length; n++) if (chances[n]! < 0.5) moved[doubtful.at[n]!] = doubtful.rivals[n]!;
    return moved;
  }

  /** Chances with the nth weight after so many rounds. */
  #after(nth: number, round: number): Float64Array {
    const known = this.#chances[nth]![round];
    if (known) return known;
    const { byShape, byImage } = this.slice.doubtful;
    const weight = this.#weights[nth]!;
    const found = new Float64Array(byShape.length);
    this.#chances[nth]![round] = found;
    if (round === 0) {
      for (let n = 0; n < found.length; n++) found[n] = chanceOf(byShape[n]! + weight * byImage[n]!);
      return found;
    }
    const own = this.#after(nth, round - 1);
    const below = this.below ? this.below.#after(nth, round - 1) : own;
    const above = this.above ? this.above.#after(nth, round - 1) : own;
    const [fixed, f, at] = [this.#fixed, this.#factors, this.#neighbours];
    for (let n = 0, m = 0; n < found.length; n++, m += SIDES) {
      // In pairs, so that it does not matter which way an axis is stored. A side without a doubtful pixel has no factor.
      const alongU = f[m]! * own[at[m]!]! + f[m + 1]! * own[at[m + 1]!]!;
      const alongV = f[m + 2]! * own[at[m + 2]!]! + f[m + 3]! * own[at[m + 3]!]!;
      const across = chanceOn(below, f[m + 4]!, at[m + 4]!) + chanceOn(above, f[m + 5]!, at[m + 5]!);
      found[n] = chanceOf(byShape[n]! + weight * byImage[n]! + fixed[n]! + (alongU + alongV + across));
    }
    return found;
  }
}

function chanceOn(chances: Float64Array, factor: number, at: number): number {
  return factor === 0 ? 0 : factor * chances[at]!;
}

function chanceOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

/** What a label says to a pixel that may have one of two. */
function vote(label: number, own: number, rival: number): number {
  return label === own ? 1 : label === rival ? -1 : 0;
}

/**
 * Labels of slices that follow one another, decided by shape, image and neighbours together: a mean field of Potts' model whose pixels hold
 * together where the image is alike (Grady's weights, Random walks for image segmentation, 2006) and else have the odds of the shape and of
 * their value. A pixel has its own label or the nearest other one. After `ROUNDS` rounds, so that a slice depends on as many on both
 * sides, and no voxel on how slices are shared out.
 */
export class ImageField {
  readonly #nu: number;
  readonly #nv: number;
  readonly #ratios: EdgeRatios;
  readonly #weights: readonly number[];
  readonly #decided: (z: number, labels: readonly Uint16Array[]) => void;
  /** The last ones that followed one another; those before `#next` are decided. */
  #chain: Linked[] = [];
  #next = 0;

  /**
   * `weights`: what the image's odds may be worth beside those of the shape. `decided` takes the labels of slices, by each weight, in the order
   * in which they are added.
   */
  constructor(
    { nu, nv }: { readonly nu: number; readonly nv: number },
    ratios: EdgeRatios,
    weights: readonly number[],
    decided: (z: number, labels: readonly Uint16Array[]) => void,
  ) {
    this.#nu = nu;
    this.#nv = nv;
    this.#ratios = ratios;
    this.#weights = weights;
    this.#decided = decided;
  }

  /** The slice that came last, if the next one may follow it. */
  get last(): FieldSlice | undefined {
    return this.#chain.at(-1)?.slice;
  }

  /** Adds the slice after the last one, or the first. */
  add(slice: FieldSlice): void {
    const [nu, nv] = [this.#nu, this.#nv];
    const added = new Linked(slice, this.#weights);
    added.link(1, added, nu, nv, 1, 0, this.#ratios.u);
    added.link(0, added, nu, nv, -1, 0, this.#ratios.u);
    added.link(3, added, nu, nv, 0, 1, this.#ratios.v);
    added.link(2, added, nu, nv, 0, -1, this.#ratios.v);
    const below = this.#chain.at(-1);
    if (below) {
      added.link(4, below, nu, nv, 0, 0, this.#ratios.z);
      below.link(5, added, nu, nv, 0, 0, this.#ratios.z);
      added.below = below;
      below.above = added;
      below.ordinals = undefined;
    }
    this.#chain.push(added);
    if (this.#chain.length - this.#next > ROUNDS) this.#decide();
  }

  /** Ends what follows one another: the rest is decided. */
  end(): void {
    while (this.#next < this.#chain.length) this.#decide();
    this.#chain = [];
    this.#next = 0;
  }

  #decide(): void {
    const linked = this.#chain[this.#next++]!;
    this.#decided(
      linked.slice.z,
      this.#weights.map((_, nth) => linked.decided(nth)),
    );
    // Of the one before the next the chances are still asked for, and are known.
    if (this.#next > 1) {
      this.#chain.shift();
      this.#next--;
      this.#chain[0]!.below = undefined;
    }
  }
}
