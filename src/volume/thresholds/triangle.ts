import { greatest } from "./counts.ts";

/**
 * The bin that lies farthest from the line between the peak and the end of the longer tail. G. W. Zack, W. E. Rogers, S. A. Latt,
 * Automatic Measurement of Sister Chromatid Exchange Frequency, J. Histochem. Cytochem. 25 (1977) 741–753. As
 * skimage.filters.threshold_triangle. The first and last bin must not be empty.
 */
export function triangle(counts: Float64Array): number {
  const bins = counts.length;
  const at = greatest(bins, (bin) => counts[bin]!);
  const turned = at < bins - 1 - at;
  const along = turned ? counts.toReversed() : counts;
  const peak = turned ? bins - 1 - at : at;
  const norm = Math.hypot(along[peak]!, peak);
  const [height, width] = [along[peak]! / norm, peak / norm];
  const bin = greatest(Math.max(peak, 1), (x) => height * x - width * along[x]!);
  return turned ? bins - 1 - bin : bin;
}
