import { shares } from "./counts.ts";

/** A picture of two values is divided between them, however the last digit of its share falls. */
const ROUNDING = 1e-9;

/**
 * The bin that divides the voxels as a picture of two values with the same first three moments would. Undefined for a single value.
 * W.-H. Tsai, Moment-Preserving Thresholding: A New Approach, CVGIP 29 (1985) 377–393. As ITK's MomentsThresholdCalculator; moments
 * are of bin numbers, which changes nothing but keeps their digits.
 */
export function moments(counts: Float64Array): number | undefined {
  const share = shares(counts);
  let [m1, m2, m3] = [0, 0, 0];
  for (let bin = 0; bin < share.length; bin++) {
    const p = share[bin]!;
    m1 += bin * p;
    m2 += bin * bin * p;
    m3 += bin * bin * bin * p;
  }
  const spread = m2 - m1 * m1;
  const c0 = (m1 * m3 - m2 * m2) / spread;
  const c1 = (m2 * m1 - m3) / spread;
  const root = Math.sqrt(c1 * c1 - 4 * c0);
  const [low, high] = [0.5 * (-c1 - root), 0.5 * (-c1 + root)];
  const below = (high - m1) / (high - low);
  let sum = 0;
  for (let bin = 0; bin < share.length; bin++) {
    sum += share[bin]!;
    if (sum > below - ROUNDING) return bin;
  }
  return undefined;
}
