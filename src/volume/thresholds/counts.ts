/** Sums of counts and moments up to and with each bin; bins are numbered from 0. */
export interface RunningSums {
  readonly count: Float64Array;
  /** Of bin number times count. */
  readonly first: Float64Array;
}

/** Running sums from the first bin on. */
export function runningSums(counts: Float64Array): RunningSums {
  const count = new Float64Array(counts.length);
  const first = new Float64Array(counts.length);
  let [sum, moment] = [0, 0];
  for (let bin = 0; bin < counts.length; bin++) {
    sum += counts[bin]!;
    moment += bin * counts[bin]!;
    count[bin] = sum;
    first[bin] = moment;
  }
  return { count, first };
}

/** Counts as shares of all, which sum to 1. */
export function shares(counts: Float64Array): Float64Array {
  let all = 0;
  for (const count of counts) all += count;
  return counts.map((count) => count / all);
}

/** Running sums of `term` of each bin from the first on, and from the last on. */
export function sumsBothWays(
  values: Float64Array,
  term: (value: number) => number,
): { readonly upTo: Float64Array; readonly from: Float64Array } {
  const upTo = new Float64Array(values.length);
  const from = new Float64Array(values.length + 1);
  let sum = 0;
  for (let bin = 0; bin < values.length; bin++) {
    sum += term(values[bin]!);
    upTo[bin] = sum;
  }
  for (let bin = values.length - 1; bin >= 0; bin--) from[bin] = from[bin + 1]! + term(values[bin]!);
  return { upTo, from };
}

/** First bin where `score` is greatest, over bins 0 to `end` − 1; NaN is never the greatest. */
export function greatest(end: number, score: (bin: number) => number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < end; bin++) {
    const value = score(bin);
    if (!(value > most)) continue;
    most = value;
    best = bin;
  }
  return best;
}
