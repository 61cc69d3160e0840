/**
 * How often values occur. Bins ascend. Where each bin is a single value those that do not occur are left out, so that a histogram
 * of 32-bit voxels takes as much room as it has different values.
 */
export interface Histogram {
  /** `values`: each bin is one value. `bins`: bins of equal width, side by side. */
  readonly kind: "values" | "bins";
  /** The value of each bin, or its middle. */
  readonly centres: Float64Array;
  /** Voxels in each bin. */
  readonly counts: Float64Array;
  /** Of `bins` the width; of `values` the distance from one possible value to the next: 1 for whole numbers. Above 0. */
  readonly step: number;
  /** Voxels that are NaN or infinite; they are in no bin. */
  readonly notFinite: number;
}

/** Voxels in all bins. */
export function voxelsIn({ counts }: Histogram): number {
  let voxels = 0;
  for (const count of counts) voxels += count;
  return voxels;
}

/** A histogram of bins at even distances, with those that are empty. */
export interface EvenHistogram {
  /** Middle of the first bin. */
  readonly first: number;
  /** From the middle of one bin to that of the next; above 0. */
  readonly step: number;
  readonly counts: Float64Array;
}

/** Most bins of an even histogram; whole values farther apart share bins. */
export const MOST_BINS = 65_536;

/**
 * The histogram in even bins: bins as they are; single values from the least to the greatest, one step apart, or, where that would
 * be more than `mostBins`, in so many bins of equal width. Undefined when no voxel is counted.
 */
export function evenBins(histogram: Histogram, mostBins = MOST_BINS): EvenHistogram | undefined {
  const { kind, centres, counts, step } = histogram;
  if (centres.length === 0) return undefined;
  const first = centres[0]!;
  if (kind === "bins" && counts.length <= mostBins) return { first, step, counts };
  const last = centres.at(-1)!;
  const bins = Math.round((last - first) / step) + 1;
  if (bins <= mostBins) return collect(histogram, first, step, bins);
  // Borders lie half a step outside the first and last value, as those of single values do.
  const wide = (last - first + step) / mostBins;
  return collect(histogram, first - step / 2 + wide / 2, wide, mostBins);
}

function collect({ centres, counts }: Histogram, first: number, step: number, bins: number): EvenHistogram {
  const even = new Float64Array(bins);
  for (let n = 0; n < centres.length; n++) {
    const bin = Math.min(Math.max(Math.round((centres[n]! - first) / step), 0), bins - 1);
    even[bin]! += counts[n]!;
  }
  return { first, step, counts: even };
}
