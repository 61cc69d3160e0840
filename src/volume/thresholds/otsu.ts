import { greatest } from "./counts.ts";

/**
 * The bin after which two classes have the greatest variance between them. Of equally good ones the first.
 * N. Otsu, A Threshold Selection Method from Gray-Level Histograms, IEEE Trans. SMC 9 (1979) 62–66. As
 * skimage.filters.threshold_otsu.
 */
export function otsu(counts: Float64Array): number {
  const bins = counts.length;
  const [below, above] = [new Float64Array(bins), new Float64Array(bins)];
  const [momentBelow, momentAbove] = [new Float64Array(bins), new Float64Array(bins)];
  for (let bin = 0; bin < bins; bin++) {
    below[bin] = (below[bin - 1] ?? 0) + counts[bin]!;
    momentBelow[bin] = (momentBelow[bin - 1] ?? 0) + counts[bin]! * bin;
  }
  for (let bin = bins - 1; bin >= 0; bin--) {
    above[bin] = (above[bin + 1] ?? 0) + counts[bin]!;
    momentAbove[bin] = (momentAbove[bin + 1] ?? 0) + counts[bin]! * bin;
  }
  return greatest(bins - 1, (bin) => {
    const apart = momentBelow[bin]! / below[bin]! - momentAbove[bin + 1]! / above[bin + 1]!;
    return below[bin]! * above[bin + 1]! * apart * apart;
  });
}
