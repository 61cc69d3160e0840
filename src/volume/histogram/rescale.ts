import type { Histogram } from "./histogram.ts";

/** A histogram of stored values as one of shown values, slope · stored + intercept; a negative slope turns it round. */
export function rescaleHistogram(
  histogram: Histogram,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
): Histogram {
  const centres = histogram.centres.map((value) => value * slope + intercept);
  const step = histogram.step * Math.abs(slope);
  if (slope > 0) return { ...histogram, centres, step };
  return { ...histogram, centres: centres.toReversed(), counts: histogram.counts.toReversed(), step };
}
