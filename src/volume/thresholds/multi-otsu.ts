import { runningSums } from "./counts.ts";

/**
 * The bins after which `classes` classes end, so that the variance between classes is greatest; of equally good ones the first.
 * P.-S. Liao, T.-S. Chen, P.-C. Chung, A Fast Algorithm for Multilevel Thresholding, J. Inf. Sci. Eng. 17 (2001) 713–727; found here
 * by dynamic programming, in time classes × bins². skimage.filters.threshold_multiotsu maximises the same in single precision and
 * gives the first bin the moment of the second, so it can end a few bins beside. Undefined when there are fewer values than
 * classes.
 */
export function multiOtsu(counts: Float64Array, classes: number): number[] | undefined {
  const bins = counts.length;
  let different = 0;
  for (const count of counts) if (count > 0) different++;
  if (different < classes) return undefined;
  const { count, first } = runningSums(counts);
  // Of a class from bin a to bin b: its share of the variance, up to what all partitions have in common.
  const variance = (a: number, b: number): number => {
    const voxels = count[b]! - (a > 0 ? count[a - 1]! : 0);
    const moment = first[b]! - (a > 0 ? first[a - 1]! : 0);
    return voxels > 0 ? (moment * moment) / voxels : 0;
  };
  // Best total of the last classes when they begin at a bin, and where the first of them ends.
  let rest = Float64Array.from({ length: bins }, (_, bin) => variance(bin, bins - 1));
  const ends: Int32Array[] = [];
  for (let left = 2; left <= classes; left++) {
    const best = new Float64Array(bins).fill(Number.NEGATIVE_INFINITY);
    const end = new Int32Array(bins);
    const lastStart = left === classes ? 0 : bins - left;
    for (let start = 0; start <= lastStart; start++) {
      for (let bin = start; bin <= bins - left; bin++) {
        const total = variance(start, bin) + rest[bin + 1]!;
        if (total <= best[start]!) continue;
        best[start] = total;
        end[start] = bin;
      }
    }
    rest = best;
    ends.unshift(end);
  }
  const thresholds: number[] = [];
  for (const end of ends) thresholds.push(end[thresholds.length === 0 ? 0 : thresholds.at(-1)! + 1]!);
  return thresholds;
}
