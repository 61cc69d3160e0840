/** What a set of values comes to; NaN where there are none. */
export interface ValueSummary {
  readonly count: number;
  readonly mean: number;
  /** Of the population. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Count, mean, standard deviation and range of values that come in runs, stable whatever their level; NaN is left out. */
export class ValueSums {
  #count = 0;
  #mean = 0;
  /** Sum of squared deviations from the mean. */
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Adds `count` values from index `from` on, `stride` apart. */
  addRun(values: ArrayLike<number>, from: number, stride: number, count: number): void {
    // Deviations from a value of the run itself are small, and whole for whole values.
    let pivot = Number.NaN;
    let found = 0;
    let sum = 0;
    let squares = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let n = 0, at = from; n < count; n++, at += stride) {
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      if (found === 0) pivot = value;
      const off = value - pivot;
      found++;
      sum += off;
      squares += off * off;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (found === 0) return;
    this.#join(found, pivot + sum / found, squares - (sum * sum) / found);
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  /** The summary of the values as a linear function shows them, such as a rescale with its slope and intercept. */
  summary(toShown: (value: number) => number): ValueSummary {
    const count = this.#count;
    if (count === 0) return { count, mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN };
    const ends = [toShown(this.#min), toShown(this.#max)] as const;
    const slope = Math.abs(toShown(1) - toShown(0));
    return {
      count,
      mean: toShown(this.#mean),
      sd: slope * Math.sqrt(Math.max(this.#squares, 0) / count),
      min: Math.min(...ends),
      max: Math.max(...ends),
    };
  }

  /** Joins the sums of two sets (Chan, Golub and LeVeque, 1979). */
  #join(count: number, mean: number, squares: number): void {
    const total = this.#count + count;
    const apart = mean - this.#mean;
    this.#squares += squares + (apart * apart * this.#count * count) / total;
    this.#mean += (apart * count) / total;
    this.#count = total;
  }
}
