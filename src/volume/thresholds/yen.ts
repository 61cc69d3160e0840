import { greatest, shares, sumsBothWays } from "./counts.ts";

/**
 * Maximum correlation. J.-C. Yen, F.-J. Chang, S. Chang, A New Criterion for Automatic Multilevel Thresholding, IEEE Trans. Image
 * Processing 4 (1995) 370–378. As skimage.filters.threshold_yen, which counts in single precision: where two
 * bins are nearly as good it may choose the other.
 */
export function yen(counts: Float64Array): number {
  const share = shares(counts);
  const all = sumsBothWays(share, (p) => p).upTo;
  const { upTo, from } = sumsBothWays(share, (p) => p * p);
  return greatest(counts.length - 1, (bin) => {
    const balance = all[bin]! * (1 - all[bin]!);
    return Math.log((balance * balance) / (upTo[bin]! * from[bin + 1]!));
  });
}
