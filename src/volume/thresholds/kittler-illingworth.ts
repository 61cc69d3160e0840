/** Rounds after which an iteration that goes back and forth is given up. */
const MOST_ROUNDS = 1000;

/** Voxels, mean and variance of some bins. */
interface Normal {
  readonly voxels: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Minimum error: where two normal distributions with the moments of both sides cross, found by iteration from the mean. Undefined when
 * a side has no spread or the iteration does not come to rest. J. Kittler, J. Illingworth, Minimum Error Thresholding, Pattern
 * Recognition 19 (1986) 41–47; C. A. Glasbey, An Analysis of Histogram-Based Thresholding Algorithms, CVGIP 55 (1993) 532–537. As ITK's
 * KittlerIllingworthThresholdCalculator, which like others takes the logarithm to base 10 where the paper has the natural one, and
 * stays where it is when the curves do not cross.
 */
export function kittlerIllingworth(counts: Float64Array): number | undefined {
  const last = counts.length - 1;
  const all = normalOf(counts, 0, last);
  let threshold = Math.floor(all.mean + 0.5);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const below = normalOf(counts, 0, threshold);
    const above = normalOf(counts, threshold + 1, last);
    if (above.voxels === 0) return threshold;
    if (below.voxels === 0 || below.variance < Number.EPSILON || Math.abs(above.variance) < Number.EPSILON)
      return undefined;
    const [p, q] = [below.voxels / all.voxels, above.voxels / all.voxels];
    const w0 = 1 / below.variance - 1 / above.variance;
    const w1 = below.mean / below.variance - above.mean / above.variance;
    const w2 =
      below.mean ** 2 / below.variance -
      above.mean ** 2 / above.variance +
      Math.log10((below.variance * q * q) / (above.variance * p * p));
    const square = w1 * w1 - w0 * w2;
    if (square < Number.EPSILON) return threshold;
    const crossing = Math.abs(w0) < Number.EPSILON ? -w2 / w1 : (w1 + Math.sqrt(square)) / w0;
    const next = Math.floor(crossing + 0.5);
    if (!(next >= 0 && next <= last)) return undefined;
    if (next === threshold) return threshold;
    threshold = next;
  }
  return undefined;
}

function normalOf(counts: Float64Array, from: number, to: number): Normal {
  let [voxels, moment, square] = [0, 0, 0];
  for (let bin = from; bin <= to; bin++) {
    voxels += counts[bin]!;
    moment += bin * counts[bin]!;
    square += bin * bin * counts[bin]!;
  }
  const mean = moment / voxels;
  return { voxels, mean, variance: square / voxels - mean * mean };
}
