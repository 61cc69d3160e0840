/**
 * The mean, in bins and parts of them. C. A. Glasbey, An Analysis of Histogram-Based Thresholding Algorithms, CVGIP 55 (1993)
 * 532–537. As skimage.filters.threshold_mean on whole numbers.
 */
export function mean(counts: Float64Array): number {
  let [voxels, moment] = [0, 0];
  for (let bin = 0; bin < counts.length; bin++) {
    voxels += counts[bin]!;
    moment += bin * counts[bin]!;
  }
  return moment / voxels;
}
