/**
 * Nearest neighbours among fixed points in space: a k-d tree laid out in one array, split at the median of the widest axis.
 * Exact for any geometry; n·log n to build, about log n a question.
 */
export class PointTree {
  readonly #points: Float64Array;
  readonly #axes: Uint8Array;

  /** Takes x, y, z of each point in turn and owns the array: it is put in another order. */
  constructor(points: Float64Array) {
    this.#points = points;
    this.#axes = new Uint8Array(points.length / 3);
    this.#split(0, points.length / 3);
  }

  /** Distance from a point to the nearest one of the tree; infinite when the tree is empty. */
  distance(x: number, y: number, z: number): number {
    return Math.sqrt(this.#nearest(0, this.#axes.length, [x, y, z], Number.POSITIVE_INFINITY));
  }

  #split(start: number, end: number): void {
    if (end - start < 2) return;
    const axis = this.#widestAxis(start, end);
    const middle = (start + end) >> 1;
    this.#select(start, end - 1, middle, axis);
    this.#axes[middle] = axis;
    this.#split(start, middle);
    this.#split(middle + 1, end);
  }

  #widestAxis(start: number, end: number): number {
    let widest = 0;
    let width = -1;
    for (let axis = 0; axis < 3; axis++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let n = start; n < end; n++) {
        const value = this.#points[n * 3 + axis]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (high - low > width) [widest, width] = [axis, high - low];
    }
    return widest;
  }

  /** Puts the point that belongs at `target` there, smaller ones before it and larger ones after it (Hoare's selection). */
  #select(low: number, high: number, target: number, axis: number): void {
    const points = this.#points;
    while (low < high) {
      const pivot = points[((low + high) >> 1) * 3 + axis]!;
      let left = low;
      let right = high;
      while (left <= right) {
        while (points[left * 3 + axis]! < pivot) left++;
        while (points[right * 3 + axis]! > pivot) right--;
        if (left <= right) this.#swap(left++, right--);
      }
      if (target <= right) high = right;
      else if (target >= left) low = left;
      else return;
    }
  }

  #swap(a: number, b: number): void {
    const points = this.#points;
    for (let axis = 0; axis < 3; axis++) {
      const value = points[a * 3 + axis]!;
      points[a * 3 + axis] = points[b * 3 + axis]!;
      points[b * 3 + axis] = value;
    }
  }

  /** The smaller of `best` and the squared distance to the nearest point from `start` to before `end`. */
  #nearest(start: number, end: number, at: readonly [number, number, number], best: number): number {
    if (start >= end) return best;
    const middle = (start + end) >> 1;
    const axis = this.#axes[middle]!;
    const points = this.#points;
    const dx = points[middle * 3]! - at[0];
    const dy = points[middle * 3 + 1]! - at[1];
    const dz = points[middle * 3 + 2]! - at[2];
    let nearest = Math.min(best, dx * dx + dy * dy + dz * dz);
    const gap = at[axis]! - points[middle * 3 + axis]!;
    const [near, far] =
      gap < 0
        ? [
            [start, middle],
            [middle + 1, end],
          ]
        : [
            [middle + 1, end],
            [start, middle],
          ];
    nearest = this.#nearest(near![0]!, near![1]!, at, nearest);
    return gap * gap < nearest ? this.#nearest(far![0]!, far![1]!, at, nearest) : nearest;
  }
}
