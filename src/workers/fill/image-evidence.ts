import { type LocalSums, stepsToOther } from "./local-values.ts";

/** Certainty from which the image has no say. */
const CERTAIN = 0.98;
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
  readonly values: Float64Array;
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
  const room = chances.reduce((count, chance) => count + (1 - chance < CERTAIN ? 1 : 0), 0);
  const at = new Int32Array(room);
  const rivals = new Uint16Array(room);
  const byShape = new Float64Array(room);
  const byImage = new Float64Array(room);
  let count = 0;
  const steps = stepsToOther(labels, nu, nv);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (1 - chances[n]! >= CERTAIN) continue;
      const first = FROM_STEPS[steps[n]!];
      const rival = first === undefined ? -1 : nearestOther(slice, u, v, first);
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
function nearestOther({ nu, nv, labels }: SliceInDoubt, u: number, v: number, first: number): number {
  const at = v * nu + u;
  const own = labels[at]!;
  const inside = u >= REACH && v >= REACH && u + REACH < nu && v + REACH < nv;
  let found = -1;
  let square = REACH * REACH;
  for (let n = first; n < SQUARES.length && SQUARES[n]! <= square; n++) {
    const du = ALONG_U[n]!;
    const dv = ALONG_V[n]!;
    if (!inside && (u + du < 0 || v + dv < 0 || u + du >= nu || v + dv >= nv)) continue;
    const other = labels[at + dv * nu + du]!;
    if (other === own || (found >= 0 && other >= found)) continue;
    found = other;
    square = SQUARES[n]!;
  }
  return found;
}

/** Logarithm of how much likelier a pixel's value is for `label` than for `than`; 0 where that is not known. */
function ratioOf(slice: SliceInDoubt, u: number, v: number, than: number, label: number): number {
  const value = slice.values[v * slice.nu + u]!;
  const own = valuesAt(slice, u, v, label);
  const other = valuesAt(slice, u, v, than);
  if (!own || !other || Number.isNaN(value)) return 0;
  const contrast = Math.abs(own.mean - other.mean);
  if (!(contrast > 0)) return 0;
  const floor = FLOOR * contrast * contrast;
  const [p, q] = [own.square + floor, other.square + floor];
  const ratio = (value - other.mean) ** 2 / (2 * q) - (value - own.mean) ** 2 / (2 * p) + Math.log(q / p) / 2;
  const clear = (contrast / Math.sqrt((p + q) / 2) - FAINT) / (CLEAR - FAINT);
  return Math.max(-MOST, Math.min(MOST, ratio)) * Math.max(0, Math.min(1, clear));
}

/** Mean and square deviation of a label's values near a place. */
function valuesAt({ before, after, t }: SliceInDoubt, u: number, v: number, label: number) {
  let [weight, sum, squares] = [0, 0, 0];
  for (const [sums, share] of [[before.get(label), 1 - t] as const, [after.get(label), t] as const]) {
    if (!sums) continue;
    const [x, y] = [(u >> 1) - sums.u0, (v >> 1) - sums.v0];
    if (x < 0 || y < 0 || x >= sums.w || y >= sums.h) continue;
    const n = y * sums.w + x;
    weight += share * sums.sums[0][n]!;
    sum += share * sums.sums[1][n]!;
    squares += share * sums.sums[2][n]!;
  }
  if (weight < LEAST) return undefined;
  const mean = sum / weight;
  // Rests of rounding are no deviation.
  const square = squares / weight - mean * mean;
  return { mean, square: square > 1e-9 * mean * mean ? square : 0 };
}
