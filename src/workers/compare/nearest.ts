/** Points of a leaf. */
const LEAF = 8;

/**
 * Exact nearest distances to a set of points: a k-d tree in arrays, split at the median of the widest axis. Its memory follows
 * the number of points, whatever box they lie in. Queries that lie near one another are quick, since each starts from the
 * answer of the last (Bentley, Multidimensional binary search trees, 1975).
 */
export class NearestPoints {
  /** Positions in the order of the tree. */
  readonly #points: Float64Array;
  /** For every node: split axis and value; nodes are numbered by halves, as in a heap. */
  readonly #axis: Uint8Array;
  readonly #split: Float64Array;
  #last = 0;
  #best = 0;
  #bestAt = 0;

  /** `points` are x, y, z in turn, at least one point. */
  constructor(points: Float64Array) {
    const count = points.length / 3;
    const nodes = 4 * Math.max(1, 2 ** Math.ceil(Math.log2(count / LEAF + 1)));
    this.#axis = new Uint8Array(nodes);
    this.#split = new Float64Array(nodes);
    const order = Uint32Array.from({ length: count }, (_, n) => n);
    this.#build(points, order, 1, 0, count);
    this.#points = new Float64Array(points.length);
    order.forEach((from, to) => this.#points.set(points.subarray(from * 3, from * 3 + 3), to * 3));
  }

  /** Distance from (x, y, z) to the nearest point. */
  distance(x: number, y: number, z: number): number {
    this.#best = this.#squaredTo(this.#last, x, y, z);
    this.#bestAt = this.#last;
    this.#search(1, 0, this.#points.length / 3, x, y, z);
    this.#last = this.#bestAt;
    return Math.sqrt(this.#best);
  }

  #build(points: Float64Array, order: Uint32Array, node: number, from: number, to: number): void {
    if (to - from <= LEAF) return;
    const axis = widestAxis(points, order, from, to);
    const middle = (from + to) >> 1;
    select(points, axis, order, from, to - 1, middle);
    this.#axis[node] = axis;
    this.#split[node] = points[order[middle]! * 3 + axis]!;
    this.#build(points, order, 2 * node, from, middle);
    this.#build(points, order, 2 * node + 1, middle, to);
  }

  #search(node: number, from: number, to: number, x: number, y: number, z: number): void {
    if (to - from <= LEAF) {
      for (let n = from; n < to; n++) {
        const squared = this.#squaredTo(n, x, y, z);
        if (squared < this.#best) {
          this.#best = squared;
          this.#bestAt = n;
        }
      }
      return;
    }
    const axis = this.#axis[node]!;
    const away = (axis === 0 ? x : axis === 1 ? y : z) - this.#split[node]!;
    const middle = (from + to) >> 1;
    if (away < 0) {
      this.#search(2 * node, from, middle, x, y, z);
      if (away * away < this.#best) this.#search(2 * node + 1, middle, to, x, y, z);
    } else {
      this.#search(2 * node + 1, middle, to, x, y, z);
      if (away * away < this.#best) this.#search(2 * node, from, middle, x, y, z);
    }
  }

  #squaredTo(n: number, x: number, y: number, z: number): number {
    const dx = this.#points[n * 3]! - x;
    const dy = this.#points[n * 3 + 1]! - y;
    const dz = this.#points[n * 3 + 2]! - z;
    return dx * dx + dy * dy + dz * dz;
  }
}

/** Puts the point of rank `middle` along an axis in its place, smaller ones before it and larger ones after (Hoare, Find, 1961). */
function select(
  points: Float64Array,
  axis: number,
  order: Uint32Array,
  from: number,
  last: number,
  middle: number,
): void {
  let left = from;
  let right = last;
  while (left < right) {
    const pivot = points[order[middle]! * 3 + axis]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (points[order[i]! * 3 + axis]! < pivot) i++;
      while (points[order[j]! * 3 + axis]! > pivot) j--;
      if (i > j) break;
      const held = order[i]!;
      order[i++] = order[j]!;
      order[j--] = held;
    }
    if (j < middle) left = i;
    if (i > middle) right = j;
  }
}

function widestAxis(points: Float64Array, order: Uint32Array, from: number, to: number): number {
  let widest = 0;
  let width = -1;
  for (let axis = 0; axis < 3; axis++) {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let n = from; n < to; n++) {
      const value = points[order[n]! * 3 + axis]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (max - min > width) {
      width = max - min;
      widest = axis;
    }
  }
  return widest;
}
