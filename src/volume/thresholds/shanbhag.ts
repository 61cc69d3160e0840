import { shares, sumsBothWays } from "./counts.ts";

/**
 * The bin at which both sides tell the same, measured as fuzzy sets. Time: bins². A. G. Shanbhag, Utilization of Information Measure as
 * a Means of Image Thresholding, CVGIP 56 (1994) 414–419. As ITK's ShanbhagThresholdCalculator.
 */
export function shanbhag(counts: Float64Array): number {
  const share = shares(counts);
  const below = sumsBothWays(share, (p) => p).upTo;
  const above = below.map((sum) => 1 - sum);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let bin = 0; bin < counts.length; bin++) {
    if (Math.abs(above[bin]!) < Number.EPSILON) break;
    const [low, high] = [0.5 / below[bin]!, 0.5 / above[bin]!];
    let [back, front] = [0, 0];
    for (let n = 1; n <= bin; n++) if (share[n]! > 0) back -= share[n]! * Math.log(1 - low * below[n - 1]!);
    for (let n = bin + 1; n < counts.length; n++) {
      if (share[n]! > 0) front -= share[n]! * Math.log(1 - high * above[n]!);
    }
    const apart = Math.abs(back * low - front * high);
    if (!(apart < least)) continue;
    least = apart;
    best = bin;
  }
  return best;
}
