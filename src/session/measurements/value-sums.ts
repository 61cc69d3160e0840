/** Count, mean, standard deviation and range of a stream of values, stable whatever their level; NaN is left out. */
export class ValueSums {
  count = 0;
  #mean = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Welford's update (Technometrics 4, 1962). */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.count++;
    const off = value - this.#mean;
    this.#mean += off / this.count;
    this.#squares += off * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get result(): { count: number; mean: number; sd: number; min: number; max: number } {
    const { count } = this;
    if (count === 0) return { count, mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN };
    return { count, mean: this.#mean, sd: Math.sqrt(this.#squares / count), min: this.#min, max: this.#max };
  }
}
