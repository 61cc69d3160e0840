import { REACH } from "../fill/pixels-around.ts";
import type { LocalSums } from "./fill-locals.ts";

/** Certainty from which the image has no say. */
const CERTAIN = 0.95;
/** Log-likelihoods are cut here, so that no single value decides against a shape that is sure. */
const MOST = 4;
/** Share of a window that must be of a label for its values to be known there. */
const LEAST = 0.003;
/** Square deviations of a label's values are at least this part of the square of the contrast. */
const FLOOR = 0.05;
/** Contrast in deviations at and below which values say nothing, and on from which they count whole. */
const FAINT = 0.35;
const CLEAR = 1.05;

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

/** A pixel whose label is not sure. */
export interface DoubtfulPixel {
  readonly at: number;
  /** The other label that it may have. */
  readonly rival: number;
  /** Logarithm of the odds of its own label against the other, by the shape, and by the image at this pixel alone (f32). */
  readonly byShape: number;
  readonly byImage: number;
}

/**
 * Pixels of which shapes are not sure and near which another label lies, in order, with the odds of both: those of the shape, and the ratio
 * of likelihoods of the pixel's value, normal with the mean and deviation that both labels have near that place on the drawn slices.
 */
export function doubtfulPixels(slice: SliceInDoubt): DoubtfulPixel[] {
  const { nu, labels, chances } = slice;
  const found: DoubtfulPixel[] = [];
  for (let at = 0; at < chances.length; at++) {
    if (1 - chances[at]! >= CERTAIN) continue;
    const [u, v] = [at % nu, Math.floor(at / nu)];
    const rival = nearestOther(slice, u, v);
    if (rival < 0) continue;
    const chance = Math.min(0.5, chances[at]!);
    const byShape = Math.fround(Math.log((1 - chance) / chance));
    found.push({ at, rival, byShape, byImage: Math.fround(ratioOf(slice, u, v, rival, labels[at]!)) });
  }
  return found;
}

/** The label of the nearest pixel with another one, the lowest of equally near ones; -1 where none is near. */
function nearestOther({ nu, nv, labels }: SliceInDoubt, u: number, v: number): number {
  let [found, least] = [-1, REACH * REACH];
  for (let y = Math.max(0, v - REACH); y <= Math.min(nv - 1, v + REACH); y++) {
    for (let x = Math.max(0, u - REACH); x <= Math.min(nu - 1, u + REACH); x++) {
      const other = labels[y * nu + x]!;
      const square = (x - u) ** 2 + (y - v) ** 2;
      if (other === labels[v * nu + u] || square > least) continue;
      if (square < least || found < 0 || other < found) [found, least] = [other, square];
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
