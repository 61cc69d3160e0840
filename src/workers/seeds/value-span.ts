import type { BrickPixels } from "#volume";
import type { SeedsMetric, ValueRange } from "./metric.ts";

/** Smallest and largest finite value of the bricks seen. */
export class ValueSpan {
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  add({ voxels, min, max }: BrickPixels): void {
    if (Number.isFinite(min) && Number.isFinite(max)) {
      this.#low = Math.min(this.#low, min);
      this.#high = Math.max(this.#high, max);
      return;
    }
    // Infinite voxels hide the finite range; so do bricks that have none.
    for (const value of voxels) {
      if (!Number.isFinite(value)) continue;
      if (value < this.#low) this.#low = value;
      if (value > this.#high) this.#high = value;
    }
  }

  /** Undefined when no finite value was seen. */
  get range(): ValueRange | undefined {
    return this.#low <= this.#high ? [this.#low, this.#high] : undefined;
  }

  /** The most that one step can cost, in units. */
  largestStep({ valueStep, costShift, stepUnits }: SeedsMetric): number {
    const span = this.#low <= this.#high ? this.#high - this.#low : 0;
    return Math.min(65_535, Math.ceil(span / valueStep) + 1) * 2 ** costShift + Math.max(...stepUnits);
  }
}
