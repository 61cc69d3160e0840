import { runningSums } from "./counts.ts";

/**
 * The lowest bin that lies midway between the means of the voxels up to it and above it, to within a bin; undefined when there is
 * none. T. W. Ridler, S. Calvard, Picture Thresholding Using an Iterative Selection Method, IEEE Trans. SMC 8 (1978) 630–632. As
 * skimage.filters.threshold_isodata, which counts in single precision.
 */
export function isodata(counts: Float64Array): number | undefined {
  const { count, first } = runningSums(counts);
  const voxels = count.at(-1)!;
  const moment = first.at(-1)!;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    const low = first[bin]! / count[bin]!;
    const high = (moment - first[bin]!) / (voxels - count[bin]!);
    const away = (low + high) / 2 - bin;
    if (away >= 0 && away < 1) return bin;
  }
  return undefined;
}
