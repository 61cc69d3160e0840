import type { LocalSums } from "./local-values.ts";

/**
 * How much the image's log-likelihood counts against that of the shape. Values of neighbouring voxels go together, so that each says
 * less than it would alone.
 */
const WEIGHT = 0.25;
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
/** The Gaussian of one pixel with which evidence is smoothed. */
const KERNEL = [Math.exp(-2), Math.exp(-0.5), 1, Math.exp(-0.5), Math.exp(-2)];

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

/**
 * Moves borders of labels where shapes are unsure and the image is not: a pixel goes to the nearest other label where the ratio of
 * likelihoods of its value, normal with the mean and deviation that both labels have near that place on the drawn slices, times WEIGHT
 * outweighs the shape's odds. Gives new labels; the same where the image has no contrast.
 */
export function decideByImage(slice: SliceInDoubt): Uint16Array {
  const { nu, nv, labels, chances } = slice;
  const evidence = new Float64Array(labels.length);
  const rivals = new Int32Array(labels.length).fill(-1);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (1 - chances[n]! >= CERTAIN) continue;
      const rival = nearestOther(slice, u, v);
      if (rival < 0) continue;
      rivals[n] = rival;
      // As evidence for the lower label, so that both sides of a border say the same.
      evidence[n] = ratioOf(slice, u, v, labels[n]!, rival) * (rival < labels[n]! ? 1 : -1);
    }
  }
  const moved = labels.slice();
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      const rival = rivals[n]!;
      if (rival < 0) continue;
      const ratio = around(evidence, rivals, nu, nv, u, v) * (rival < labels[n]! ? 1 : -1);
      const chance = Math.min(0.5, chances[n]!);
      if (WEIGHT * ratio > Math.log((1 - chance) / chance)) moved[n] = rival;
    }
  }
  return moved;
}

/** The label of the nearest pixel with another one, the lowest of equally near ones; -1 where none is near. */
function nearestOther({ nu, nv, labels }: SliceInDoubt, u: number, v: number): number {
  const own = labels[v * nu + u]!;
  let [found, square] = [-1, 0];
  for (const step of AROUND) {
    if (found >= 0 && step.square > square) break;
    const [x, y] = [u + step.du, v + step.dv];
    if (x < 0 || y < 0 || x >= nu || y >= nv) continue;
    const other = labels[y * nu + x]!;
    if (other === own || (found >= 0 && other >= found)) continue;
    [found, square] = [other, step.square];
  }
  return found;
}

/** Logarithm of how much likelier a pixel's value is for a rival than for its own label; 0 where that is not known. */
function ratioOf(slice: SliceInDoubt, u: number, v: number, label: number, rival: number): number {
  const value = slice.values[v * slice.nu + u]!;
  const own = valuesAt(slice, u, v, label);
  const other = valuesAt(slice, u, v, rival);
  if (!own || !other || Number.isNaN(value)) return 0;
  const contrast = Math.abs(own.mean - other.mean);
  if (!(contrast > 0)) return 0;
  const floor = FLOOR * contrast * contrast;
  const [p, q] = [own.square + floor, other.square + floor];
  const ratio = (value - own.mean) ** 2 / (2 * p) - (value - other.mean) ** 2 / (2 * q) + Math.log(p / q) / 2;
  const clear = (contrast / Math.sqrt((p + q) / 2) - FAINT) / (CLEAR - FAINT);
  return Math.max(-MOST, Math.min(MOST, ratio)) * Math.max(0, Math.min(1, clear));
}

/** Mean and square deviation of a label's values near a place. */
function valuesAt({ before, after, t }: SliceInDoubt, u: number, v: number, label: number) {
  let [weight, sum, squares] = [0, 0, 0];
  for (const [sums, share] of [[before.get(label), 1 - t] as const, [after.get(label), t] as const]) {
    if (!sums) continue;
    const [x, y] = [u - sums.u0, v - sums.v0];
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

/** Evidence of the pixels in doubt around one, weighted. */
function around(evidence: Float64Array, rivals: Int32Array, nu: number, nv: number, u: number, v: number): number {
  let [sum, weights] = [0, 0];
  for (let dv = -2; dv <= 2; dv++) {
    const y = v + dv;
    if (y < 0 || y >= nv) continue;
    for (let du = -2; du <= 2; du++) {
      const x = u + du;
      if (x < 0 || x >= nu || rivals[y * nu + x]! < 0) continue;
      const weight = KERNEL[du + 2]! * KERNEL[dv + 2]!;
      sum += weight * evidence[y * nu + x]!;
      weights += weight;
    }
  }
  return sum / weights;
}

/** Dice of a slice's labels with drawn ones, a mean over labels; undefined where neither has any. */
export function diceOfSlice(drawn: Uint16Array, found: Uint16Array): number | undefined {
  const counts = new Map<number, [both: number, sum: number]>();
  const of = (label: number): [number, number] => {
    let own = counts.get(label);
    if (!own) counts.set(label, (own = [0, 0]));
    return own;
  };
  for (let n = 0; n < drawn.length; n++) {
    const [a, b] = [drawn[n]!, found[n]!];
    if (a === 0 && b === 0) continue;
    of(a)[1]++;
    of(b)[1]++;
    if (a === b) of(a)[0]++;
  }
  counts.delete(0);
  if (counts.size === 0) return undefined;
  let total = 0;
  for (const [both, sum] of counts.values()) total += (2 * both) / sum;
  return total / counts.size;
}

/** A gain on one left-out slice alone that is enough, and on several on the mean less its standard error. */
const ENOUGH_ALONE = 0.01;
const ENOUGH = 0.002;

/** Whether gains of Dice on drawn slices that were left out one by one say that the image helps. */
export function imageHelps(gains: readonly number[]): boolean {
  if (gains.length < 2) return (gains[0] ?? 0) > ENOUGH_ALONE;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const square = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return mean - Math.sqrt(square / gains.length) > ENOUGH;
}
