import { type LocalSums, stepsToOther } from "./local-values.ts";

/** Certainty from which the image has no say. */
const CERTAIN = 0.95;
/** Log-likelihoods are cut here, so that no single value decides against a shape that is sure. */
const MOST = 4;
/** Pixels within which another label is looked for. */
const REACH = 8;
/** Share of a window that must be of a label for its values to be known there. */
const LEAST = 0.003;
/** Square deviations of a label's values are at least this part of the square of the contrast. */
const FLOOR = 0.05;
/** Contrast in deviations at and below which values say nothing, and on from which they count whole. */
const FAINT = 0.35;
const CLEAR = 1.05;

/** Pixels in order of their distance: offsets in u and v and the square of the distance. */
const AROUND = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, n) => {
  const [du, dv] = [(n % (2 * REACH + 1)) - REACH, Math.floor(n / (2 * REACH + 1)) - REACH];
  return { du, dv, square: du * du + dv * dv };
})
  .filter(({ square }) => square > 0 && square <= REACH * REACH)
  .sort((a, b) => a.square - b.square);
const ALONG_U = Int8Array.from(AROUND, ({ du }) => du);
const ALONG_V = Int8Array.from(AROUND, ({ dv }) => dv);
const SQUARES = Int8Array.from(AROUND, ({ square }) => square);
/** The first of them that may have another label where that is so many steps along rows and columns away. */
const FROM_STEPS = Array.from({ length: Math.floor(REACH * Math.SQRT2) + 1 }, (_, steps) =>
  AROUND.findIndex(({ square }) => 2 * square >= steps * steps),
);

/** A slice between two drawn ones: labels as shapes have them, the chance that each is wrong, and the image. */
export interface SliceInDoubt {
  readonly nu: number;
  readonly nv: number;
  readonly labels: Uint16Array;
  readonly chances: Float32Array;
  readonly values: Float32Array;
  /** What labels look like on the drawn slices before and after, and where between them the slice lies, 0 to 1. */
  readonly before: ReadonlyMap<number, LocalSums>;
  readonly after: ReadonlyMap<number, LocalSums>;
  readonly t: number;
}

/** The pixels of a slice whose label is not sure, in order. */
export interface DoubtfulPixels {
  readonly at: Int32Array;
  /** The other label that each may have. */
  readonly rivals: Uint16Array;
  /** Logarithm of the odds of its own label against the other, by the shape, and by the image at this pixel alone. */
  readonly byShape: Float64Array;
  readonly byImage: Float64Array;
}

/**
 * Pixels of which shapes are not sure and near which another label lies, with the odds of both: those of the shape, and the ratio of
 * likelihoods of the pixel's value, normal with the mean and deviation that both labels have near that place on the drawn slices.
 */
export function doubtfulPixels(slice: SliceInDoubt): DoubtfulPixels {
  const { nu, nv, labels, chances } = slice;
  let room = 0;
  for (let n = 0; n < chances.length; n++) if (1 - chances[n]! < CERTAIN) room++;
  const at = new Int32Array(room);
  const rivals = new Uint16Array(room);
  const byShape = new Float64Array(room);
  const byImage = new Float64Array(room);
  let count = 0;
  const steps = stepsToOther(labels, nu, nv);
  const offsets = Int32Array.from(AROUND, ({ du, dv }) => dv * nu + du);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (1 - chances[n]! >= CERTAIN) continue;
      const first = FROM_STEPS[steps[n]!];
      const rival = first === undefined ? -1 : nearestOther(slice, offsets, u, v, first);
      if (rival < 0) continue;
      const chance = Math.min(0.5, chances[n]!);
      at[count] = n;
      rivals[count] = rival;
      byShape[count] = Math.log((1 - chance) / chance);
      byImage[count++] = ratioOf(slice, u, v, rival, labels[n]!);
    }
  }
  return {
    at: at.subarray(0, count),
    rivals: rivals.subarray(0, count),
    byShape: byShape.subarray(0, count),
    byImage: byImage.subarray(0, count),
  };
}

/** The label of the nearest pixel with another one, from the `first` on, the lowest of equally near ones; -1 where none is near. */
function nearestOther(
  { nu, nv, labels }: SliceInDoubt,
  offsets: Int32Array,
  u: number,
  v: number,
  first: number,
): number {
  const at = v * nu + u;
  const own = labels[at]!;
  const inside = u >= REACH && v >= REACH && u + REACH < nu && v + REACH < nv;
  const squares = SQUARES;
  const count = squares.length;
  let found = -1;
  let square = REACH * REACH;
  for (let n = first; n < count && squares[n]! <= square; n++) {
    if (!inside) {
      const x = u + ALONG_U[n]!;
      const y = v + ALONG_V[n]!;
      if (x < 0 || y < 0 || x >= nu || y >= nv) continue;
    }
    const other = labels[at + offsets[n]!]!;
    if (other !== own && (found < 0 || other < found)) {
      found = other;
      square = squares[n]!;
    }
  }
  return found;
}

/** Logarithm of how much likelier a pixel's value is for `label` than for `than`; 0 where that is not known. */
function ratioOf(slice: SliceInDoubt, u: number, v: number, than: number, label: number): number {
  const value = slice.values[v * slice.nu + u]!;
  if (Number.isNaN(value) || !look(slice, u, v, than)) return 0;
  const [otherMean, otherSquare] = [mean, square];
  if (!look(slice, u, v, label)) return 0;
  const contrast = Math.abs(mean - otherMean);
  if (!(contrast > 0)) return 0;
  const floor = FLOOR * contrast * contrast;
  const p = square + floor;
  const q = otherSquare + floor;
  const ratio = (value - otherMean) ** 2 / (2 * q) - (value - mean) ** 2 / (2 * p) + Math.log(q / p) / 2;
  const clear = (contrast / Math.sqrt((p + q) / 2) - FAINT) / (CLEAR - FAINT);
  return Math.max(-MOST, Math.min(MOST, ratio)) * Math.max(0, Math.min(1, clear));
}

/** What `look` found, in place of an object for each pixel. */
let mean = 0;
let square = 0;

/** Finds mean and square deviation of a label's values near a place; false where too little is known of them. */
function look({ before, after, t }: SliceInDoubt, u: number, v: number, label: number): boolean {
  let weight = 0;
  let sum = 0;
  let squares = 0;
  const x = u >> 1;
  const y = v >> 1;
  const from = before.get(label);
  if (from) {
    const n = placeIn(from, x, y);
    if (n >= 0) {
      const [ones, firsts, seconds] = from.sums;
      weight = (1 - t) * ones[n]!;
      sum = (1 - t) * firsts[n]!;
      squares = (1 - t) * seconds[n]!;
    }
  }
  const to = after.get(label);
  if (to) {
    const n = placeIn(to, x, y);
    if (n >= 0) {
      const [ones, firsts, seconds] = to.sums;
      weight += t * ones[n]!;
      sum += t * firsts[n]!;
      squares += t * seconds[n]!;
    }
  }
  if (weight < LEAST) return false;
  mean = sum / weight;
  // Rests of rounding are no deviation.
  square = squares / weight - mean * mean;
  if (square <= 1e-9 * mean * mean) square = 0;
  return true;
}

function placeIn({ u0, v0, w, h }: LocalSums, x: number, y: number): number {
  return x < u0 || y < v0 || x >= u0 + w || y >= v0 + h ? -1 : (y - v0) * w + x - u0;
}
