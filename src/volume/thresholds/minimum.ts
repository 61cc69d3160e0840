/** Rounds of smoothing before a histogram counts as one that never gets two peaks. */
const MOST_ROUNDS = 10_000;

/**
 * The lowest bin between two peaks, once smoothing has left no more than these; undefined when it leaves one, or does not get there
 * in 10,000 rounds. J. M. S. Prewitt, M. L. Mendelsohn, The Analysis of Cell Images, Ann. N. Y. Acad. Sci. 128 (1966) 1035–1053. As
 * skimage.filters.threshold_minimum, down to how sums run on; ITK smooths with zeros beyond the ends and counts peaks otherwise.
 */
export function minimum(counts: Float64Array): number | undefined {
  let smooth = counts;
  let peaks: number[] = [];
  let round = 0;
  for (; round < MOST_ROUNDS; round++) {
    smooth = runningMean(smooth);
    peaks = peaksOf(smooth);
    if (peaks.length < 3) break;
  }
  if (peaks.length !== 2 || round >= MOST_ROUNDS - 1) return undefined;
  const [low, high] = peaks as [number, number];
  let least = low;
  for (let bin = low; bin <= high; bin++) if (smooth[bin]! < smooth[least]!) least = bin;
  return least;
}

/** The mean of each bin and those beside it, the ends repeated; a sum that runs on, as scipy.ndimage.uniform_filter1d has it. */
function runningMean(values: Float64Array): Float64Array {
  const { length } = values;
  const smooth = new Float64Array(length);
  const at = (n: number): number => values[Math.min(Math.max(n, 0), length - 1)]!;
  let mean = (at(-1) + at(0) + at(1)) / 3;
  smooth[0] = mean;
  for (let bin = 1; bin < length; bin++) {
    mean += (at(bin + 1) - at(bin - 2)) / 3;
    smooth[bin] = mean;
  }
  return smooth;
}

/** Bins before a descent that follows an ascent. */
function peaksOf(values: Float64Array): number[] {
  const peaks: number[] = [];
  let rising = true;
  for (let bin = 0; bin < values.length - 1; bin++) {
    const [here, next] = [values[bin]!, values[bin + 1]!];
    if (rising && next < here) {
      rising = false;
      peaks.push(bin);
    } else if (!rising && next > here) rising = true;
  }
  return peaks;
}
