import { evenBins, type EvenHistogram, type Histogram } from "../histogram/histogram.ts";
import { maxEntropy, renyiEntropy } from "./entropy.ts";
import { huang } from "./huang.ts";
import { intermodes } from "./intermodes.ts";
import { isodata } from "./isodata.ts";
import { kittlerIllingworth } from "./kittler-illingworth.ts";
import { li } from "./li.ts";
import { mean } from "./mean.ts";
import { minimum } from "./minimum.ts";
import { moments } from "./moments.ts";
import { multiOtsu } from "./multi-otsu.ts";
import { otsu } from "./otsu.ts";
import { shanbhag } from "./shanbhag.ts";
import { triangle } from "./triangle.ts";
import { yen } from "./yen.ts";

/** Most bins for methods whose time grows with their square, or with rounds of smoothing. */
const FEW_BINS = 4096;

/** A method of finding thresholds in a histogram. */
interface Method {
  /** Bins after which classes end, from 0, whole or not; undefined when it finds none. */
  readonly find: (counts: Float64Array) => number | readonly number[] | undefined;
  readonly fewBins?: true;
}

const METHODS = {
  otsu: { find: otsu },
  "multi-otsu-3": { find: (counts) => multiOtsu(counts, 3), fewBins: true },
  "multi-otsu-4": { find: (counts) => multiOtsu(counts, 4), fewBins: true },
  li: { find: li },
  yen: { find: yen },
  isodata: { find: isodata },
  triangle: { find: triangle },
  minimum: { find: minimum, fewBins: true },
  intermodes: { find: intermodes, fewBins: true },
  "max-entropy": { find: maxEntropy },
  "renyi-entropy": { find: renyiEntropy },
  huang: { find: huang, fewBins: true },
  moments: { find: moments },
  "kittler-illingworth": { find: kittlerIllingworth },
  shanbhag: { find: shanbhag, fewBins: true },
  mean: { find: mean },
} satisfies Record<string, Method>;

/** Name of a method; the number of a `multi-otsu` is that of its classes. */
export type ThresholdMethod = keyof typeof METHODS;

/** Every method, in the order of their list. */
export const THRESHOLD_METHODS = Object.keys(METHODS) as readonly ThresholdMethod[];

/** What a method found. */
export interface FoundThresholds {
  readonly method: ThresholdMethod;
  /** Ascending; voxels above the last are the last class. None where the method finds none in this histogram. */
  readonly thresholds: readonly number[];
  /** For each threshold the least value of the class above it: the next that occurs, in bins the next number there is. */
  readonly starts: readonly number[];
  /** Width of the bins looked at: thresholds are no finer than that, unless they are means. */
  readonly step: number;
}

/**
 * Thresholds of a histogram by a method, in the histogram's values. A voxel belongs to the class above a threshold when its value is
 * greater. Values that are farther apart than the method can look at are put into fewer bins; `step` tells. A histogram of no or one
 * value has no threshold.
 */
export function findThresholds(histogram: Histogram, method: ThresholdMethod): FoundThresholds {
  const { find, fewBins }: Method = METHODS[method];
  const even = trimmed(evenBins(histogram, fewBins ? FEW_BINS : undefined));
  const none = { method, thresholds: [], starts: [], step: even?.step ?? histogram.step };
  if (!even || even.counts.length < 2) return none;
  const found = find(even.counts) ?? [];
  const bins = typeof found === "number" ? [found] : found;
  const thresholds = bins.map((bin) => even.first + bin * even.step);
  return { ...none, thresholds, starts: thresholds.map((threshold) => startAbove(histogram, threshold)) };
}

function startAbove({ kind, centres }: Histogram, threshold: number): number {
  const next = kind === "values" ? centres.find((value) => value > threshold) : undefined;
  return next ?? nextUp(threshold);
}

/** The least double above a number. */
function nextUp(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  if (value === 0) return Number.MIN_VALUE;
  view.setFloat64(0, value);
  // Neighbouring doubles of one sign are neighbouring integers.
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

/** Without empty bins at both ends. */
function trimmed(even: EvenHistogram | undefined): EvenHistogram | undefined {
  if (!even) return undefined;
  const { first, step, counts } = even;
  const from = counts.findIndex((count) => count > 0);
  if (from < 0) return undefined;
  const end = counts.findLastIndex((count) => count > 0) + 1;
  return { first: first + from * step, step, counts: counts.subarray(from, end) };
}
