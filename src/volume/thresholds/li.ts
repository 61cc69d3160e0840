/**
 * Minimum cross entropy: a threshold that lies between the means below and above it as their logarithms demand, found by iteration
 * from the mean. In bins and parts of them, from the first bin, which counts as 0.
 * C. H. Li, C. K. Lee, Minimum Cross Entropy Thresholding, Pattern Recognition 26 (1993) 617–625; C. H. Li, P. K. S. Tam, An Iterative
 * Algorithm for Minimum Cross Entropy Thresholding, Pattern Recognition Letters 19 (1998) 771–776. As skimage.filters.threshold_li on
 * whole numbers; on float32 that works on voxels, this on the middles of bins. ITK stops earlier and rounds.
 */
export function li(counts: Float64Array): number {
  let voxels = 0;
  let moment = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    voxels += counts[bin]!;
    moment += bin * counts[bin]!;
  }
  let threshold = moment / voxels;
  let last = Number.NEGATIVE_INFINITY;
  while (Math.abs(threshold - last) > 0.5) {
    last = threshold;
    let below = 0;
    let momentBelow = 0;
    for (let bin = 0; bin <= last && bin < counts.length; bin++) {
      below += counts[bin]!;
      momentBelow += bin * counts[bin]!;
    }
    const low = momentBelow / below;
    const high = (moment - momentBelow) / (voxels - below);
    threshold = (low - high) / (Math.log(low) - Math.log(high));
  }
  return threshold;
}
