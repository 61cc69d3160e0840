import { greatest, shares, sumsBothWays } from "./counts.ts";

/** Of equal totals to within this ITK takes the first. */
const TOLERANCE = 1e-5;

/** Shares of the voxels up to each bin, and above it. */
function sides(share: Float64Array): {
  readonly below: Float64Array;
  readonly above: Float64Array;
  readonly end: number;
} {
  const below = sumsBothWays(share, (p) => p).upTo;
  const above = below.map((sum) => 1 - sum);
  let end = share.length;
  // The last bin is the last one above which something is left.
  while (end > 1 && Math.abs(above[end - 1]!) < Number.EPSILON) end--;
  return { below, above, end };
}

/** Total entropy of the voxels up to each bin and of those above it. */
function totalEntropy(share: Float64Array): { readonly total: (bin: number) => number; readonly end: number } {
  const { below, above, end } = sides(share);
  const { upTo, from } = sumsBothWays(share, (p) => (p > 0 ? p * Math.log(p) : 0));
  const entropy = (sum: number, all: number): number => (all > 0 ? Math.log(all) - sum / all : 0);
  return { total: (bin) => entropy(upTo[bin]!, below[bin]!) + entropy(from[bin + 1]!, above[bin]!), end };
}

/**
 * The bin that gives the voxels up to it and those above it the greatest entropy together. J. N. Kapur, P. K. Sahoo, A. K. C. Wong, A
 * New Method for Gray-Level Picture Thresholding Using the Entropy of the Histogram, CVGIP 29 (1985) 273–285. As ITK's
 * MaximumEntropyThresholdCalculator.
 */
export function maxEntropy(counts: Float64Array): number {
  const { total, end } = totalEntropy(shares(counts));
  let best = 0;
  let most = Number.MIN_VALUE;
  for (let bin = 0; bin < end; bin++) {
    const value = total(bin);
    if (!(most < value - TOLERANCE)) continue;
    most = value;
    best = bin;
  }
  return best;
}

/**
 * A weighted mean of the thresholds of greatest Rényi entropy of order 1/2, 1 and 2. P. Sahoo, C. Wilkins, J. Yeager, Threshold
 * Selection Using Renyi's Entropy, Pattern Recognition 30 (1997) 71–84. As ITK's RenyiEntropyThresholdCalculator.
 */
export function renyiEntropy(counts: Float64Array): number {
  const share = shares(counts);
  const { below, above, end } = sides(share);
  const roots = sumsBothWays(share, Math.sqrt);
  const squares = sumsBothWays(share, (p) => p * p);
  const positive = (score: number): number => (score > 0 ? score : Number.NEGATIVE_INFINITY);
  const half = greatest(end, (bin) => {
    const product = (roots.upTo[bin]! * roots.from[bin + 1]!) / Math.sqrt(below[bin]! * above[bin]!);
    return product > 0 ? positive(2 * Math.log(product)) : Number.NEGATIVE_INFINITY;
  });
  const { total } = totalEntropy(share);
  const one = greatest(end, (bin) => positive(total(bin)));
  const two = greatest(end, (bin) => {
    const product = (squares.upTo[bin]! * squares.from[bin + 1]!) / (below[bin]! * above[bin]!) ** 2;
    return product > 0 ? positive(-Math.log(product)) : Number.NEGATIVE_INFINITY;
  });
  const [low, middle, high] = [half, one, two].sort((a, b) => a - b) as [number, number, number];
  const [a, b, c] = weights(middle - low <= 5, high - middle <= 5);
  const between = below[high]! - below[low]!;
  return Math.trunc(
    low * (below[low]! + 0.25 * between * a) + middle * 0.25 * between * b + high * (above[high]! + 0.25 * between * c),
  );
}

/** Weights by which of the three thresholds lie close together. */
function weights(lowClose: boolean, highClose: boolean): readonly [number, number, number] {
  if (lowClose === highClose) return [1, 2, 1];
  return lowClose ? [0, 1, 3] : [3, 1, 0];
}
