/** Dice of a slice's labels with drawn ones, a mean over labels; undefined where neither has any. */
export function diceOfSlice(drawn: Uint16Array, found: Uint16Array): number | undefined {
  const counts = new Map<number, [both: number, sum: number]>();
  const of = (label: number): [number, number] => {
    let own = counts.get(label);
    if (!own) counts.set(label, (own = [0, 0]));
    return own;
  };
  // In runs of pixels that have the same two labels.
  for (let n = 0, end = 0; n < drawn.length; n = end) {
    const [a, b] = [drawn[n]!, found[n]!];
    for (end = n + 1; end < drawn.length && drawn[end] === a && found[end] === b; ) end++;
    if (a === 0 && b === 0) continue;
    of(a)[1] += end - n;
    of(b)[1] += end - n;
    if (a === b) of(a)[0] += end - n;
  }
  counts.delete(0);
  if (counts.size === 0) return undefined;
  let total = 0;
  for (const [both, sum] of counts.values()) total += (2 * both) / sum;
  return total / counts.size;
}

/**
 * What the image's log-likelihood may be worth against the shape's: values of neighbouring voxels go together, so that each says less than it
 * would alone.
 */
export const WEIGHTS = [0.35, 0.7] as const;

/** A gain that is enough, on several slices. */
const ENOUGH = 0.008;
/** How many times the gain of a smaller weight a larger one must have. */
const BETTER = 1.2;

/**
 * The weight with which the image helps, by the gains of Dice that each of `WEIGHTS` has on drawn slices that were left out one by one;
 * 0 where it does not. On most scans it does, so the least where no slice can tell, and where a single one does not speak against it.
 */
export function bestWeight(gains: readonly (readonly number[])[]): number {
  if (gains[0]!.length === 0) return WEIGHTS[0];
  let [best, most] = [0, 0];
  for (const [n, own] of gains.entries()) {
    const gain = middleGain(own);
    const enough = own.length === 1 ? gain >= 0 : gain > ENOUGH;
    if (!enough || (best > 0 && gain <= BETTER * most)) continue;
    [best, most] = [WEIGHTS[n]!, gain];
  }
  return best;
}

/**
 * The mean of the middle half less its standard error: on a slice near the end of a structure the shape alone may be wrong as a whole, which
 * says nothing of the others.
 */
function middleGain(gains: readonly number[]): number {
  const cut = gains.length >> 2;
  const middle = gains.toSorted((a, b) => a - b).slice(cut, gains.length - cut);
  const mean = middle.reduce((sum, gain) => sum + gain, 0) / middle.length;
  const square = middle.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, middle.length - 1);
  return mean - Math.sqrt(square / middle.length);
}
