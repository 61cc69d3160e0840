import type { VoxelType } from "#volume";
import { PAGE_KEYS } from "./histograms.ts";

/** Percentiles that rows have when nothing else is asked for. */
export const DEFAULT_PERCENTILES: readonly number[] = [5, 25, 75, 95];

/** Counts by key, sparse: pages of 256 keys by their number. */
export type Histogram = ReadonlyMap<number, Float64Array>;

/** The value of a key of a type of up to 16 bits. */
function narrowValue(type: VoxelType, key: number): number {
  if (type === "int8") return key - 128;
  return type === "int16" ? key - 32_768 : key;
}

/** A histogram of values of up to 16 bits as values that occur and their counts, ascending. */
export function narrowBins(type: VoxelType, histogram: Histogram): [value: number, count: number][] {
  const bins: [number, number][] = [];
  forEachBin(histogram, (key, count) => bins.push([narrowValue(type, key), count]));
  return bins;
}

/** The inverse. */
export function narrowHistogram(type: VoxelType, bins: Iterable<readonly [value: number, count: number]>): Histogram {
  const first = narrowValue(type, 0);
  const pages = new Map<number, Float64Array>();
  for (const [value, count] of bins) {
    const key = value - first;
    const page = Math.floor(key / PAGE_KEYS);
    const counts = pages.get(page) ?? new Float64Array(PAGE_KEYS);
    counts[key % PAGE_KEYS] = count;
    pages.set(page, counts);
  }
  return pages;
}

/** Mean and the like of an exact histogram of values of up to 16 bits. */
export interface Moments {
  readonly values: number;
  readonly mean: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

export function narrowMoments(type: VoxelType, histogram: Histogram): Moments {
  let values = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  forEachBin(histogram, (key, count) => {
    const value = narrowValue(type, key);
    values += count;
    // Whole numbers below 2⁵³: exact.
    sum += value * count;
    if (value < min) min = value;
    if (value > max) max = value;
  });
  const mean = sum / values;
  let squares = 0;
  forEachBin(histogram, (key, count) => {
    squares += count * (narrowValue(type, key) - mean) ** 2;
  });
  return { values, mean, squares, min, max };
}

/** Values of ascending ranks (from 0) of a histogram of values of up to 16 bits. */
export function narrowRanks(type: VoxelType, histogram: Histogram, ranks: readonly number[]): number[] {
  return keysOfRanks(histogram, ranks).map(({ key }) => narrowValue(type, key));
}

/** Keys of ascending ranks, and the ranks among the values of those keys. */
export function keysOfRanks(histogram: Histogram, ranks: readonly number[]): { key: number; rank: number }[] {
  const found: { key: number; rank: number }[] = [];
  let before = 0;
  forEachBin(histogram, (key, count) => {
    for (let rank = ranks[found.length]!; found.length < ranks.length && rank < before + count; ) {
      found.push({ key, rank: rank - before });
      rank = ranks[found.length]!;
    }
    before += count;
  });
  return found;
}

/** Bins that count anything, by ascending key. */
function forEachBin(histogram: Histogram, visit: (key: number, count: number) => void): void {
  for (const page of [...histogram.keys()].sort((a, b) => a - b)) {
    const counts = histogram.get(page)!;
    for (let n = 0; n < PAGE_KEYS; n++) if (counts[n]! > 0) visit(page * PAGE_KEYS + n, counts[n]!);
  }
}

/** Ranks that percentiles of `values` values lie between, each once, ascending. */
export function ranksOf(percentiles: readonly number[], values: number): number[] {
  const ranks = percentiles.flatMap((percentile) => {
    const rank = (percentile / 100) * (values - 1);
    return [Math.floor(rank), Math.min(Math.floor(rank) + 1, values - 1)];
  });
  return [...new Set(ranks)].sort((a, b) => a - b);
}

/** Percentiles from the values of `ranksOf`; the arithmetic is numpy's, to the last digit. */
export function percentilesOf(
  percentiles: readonly number[],
  values: number,
  ranks: readonly number[],
  atRanks: readonly number[],
): number[] {
  return percentiles.map((percentile) => {
    const rank = (percentile / 100) * (values - 1);
    const low = atRanks[ranks.indexOf(Math.floor(rank))]!;
    const high = atRanks[ranks.indexOf(Math.min(Math.floor(rank) + 1, values - 1))]!;
    const part = rank - Math.floor(rank);
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
  });
}
