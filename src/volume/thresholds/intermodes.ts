/** Rounds of smoothing before a histogram counts as one that never gets two peaks. */
const MOST_ROUNDS = 10_000;

/**
 * The middle between two peaks, once smoothing has left just these; undefined when it does not get there in 10,000 rounds.
 * J. M. S. Prewitt, M. L. Mendelsohn, The Analysis of Cell Images, Ann. N. Y. Acad. Sci. 128 (1966) 1035–1053. As ITK's
 * IntermodesThresholdCalculator: zeros beyond the ends, peaks are higher than both neighbours.
 */
export function intermodes(counts: Float64Array): number | undefined {
  const smooth = counts.slice();
  for (let round = 0; round <= MOST_ROUNDS; round++) {
    const peaks = peaksOf(smooth);
    if (peaks.length === 2) return Math.floor((peaks[0]! + peaks[1]!) / 2);
    if (peaks.length === 0) return undefined;
    smoothOnce(smooth);
  }
  return undefined;
}

function smoothOnce(values: Float64Array): void {
  let before = 0;
  let here = 0;
  let next = values[0]!;
  for (let bin = 0; bin < values.length - 1; bin++) {
    before = here;
    here = next;
    next = values[bin + 1]!;
    values[bin] = (before + here + next) / 3;
  }
  values[values.length - 1] = (here + next) / 3;
}

/** Bins higher than those on both sides; no more than three are looked for. */
function peaksOf(values: Float64Array): number[] {
  const peaks: number[] = [];
  for (let bin = 1; bin < values.length - 1 && peaks.length < 3; bin++) {
    if (values[bin - 1]! < values[bin]! && values[bin + 1]! < values[bin]!) peaks.push(bin);
  }
  return peaks;
}
