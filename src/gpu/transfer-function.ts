/** One point of a transfer function. Between points colour and opacity go straight. */
export interface TransferPoint {
  /** Shown value (HU where the file says so). */
  readonly value: number;
  /** Opacity per unit distance, 0 to 1. */
  readonly opacity: number;
  /** Red, green, blue, 0 to 1. */
  readonly color: readonly [number, number, number];
}

/** Entries of a table. */
export const TRANSFER_SIZE = 1024;

/**
 * A transfer function ready for the shader: colours and opacities on 1,024 places between the first and the last point's value;
 * values outside take the nearest end.
 */
export class TransferTable {
  readonly low: number;
  readonly high: number;
  readonly #points: readonly TransferPoint[];
  // For each place the number of places with opacity before it.
  readonly #opaqueBefore = new Uint32Array(TRANSFER_SIZE + 1);

  /** Points by ascending value, at least two. */
  constructor(points: readonly TransferPoint[]) {
    this.#points = points;
    this.low = points[0]!.value;
    this.high = points.at(-1)!.value;
    const table = this.texels(1);
    for (let n = 0; n < TRANSFER_SIZE; n++)
      this.#opaqueBefore[n + 1] = this.#opaqueBefore[n]! + (table[n * 4 + 3]! > 0 ? 1 : 0);
  }

  /** Red, green, blue, opacity per place, for samples `distance` unit distances apart. */
  texels(distance: number): Float32Array<ArrayBuffer> {
    const texels = new Float32Array(TRANSFER_SIZE * 4);
    let next = 1;
    for (let n = 0; n < TRANSFER_SIZE; n++) {
      const value = this.low + ((this.high - this.low) * n) / (TRANSFER_SIZE - 1);
      while (next < this.#points.length - 1 && this.#points[next]!.value < value) next++;
      const a = this.#points[next - 1]!;
      const b = this.#points[next]!;
      const f = b.value > a.value ? Math.min(Math.max((value - a.value) / (b.value - a.value), 0), 1) : 1;
      const mix = (from: number, to: number): number => from + (to - from) * f;
      for (let c = 0; c < 3; c++) texels[n * 4 + c] = mix(a.color[c]!, b.color[c]!);
      texels[n * 4 + 3] = 1 - (1 - Math.min(mix(a.opacity, b.opacity), 0.9999)) ** distance;
    }
    return texels;
  }

  /**
   * For each place the number of places with opacity before it, four floats a place: what lies between two places shows something
   * when the number after the second is larger than that at the first.
   */
  counts(): Float32Array<ArrayBuffer> {
    const counts = new Float32Array(TRANSFER_SIZE * 4);
    for (let n = 0; n < TRANSFER_SIZE; n++) {
      counts[n * 4] = this.#opaqueBefore[n]!;
      counts[n * 4 + 1] = this.#opaqueBefore[n + 1]!;
    }
    return counts;
  }

  /** True when something between two shown values, the ends in either order, is not fully transparent. */
  shows(from: number, to: number): boolean {
    const place = (value: number): number => ((value - this.low) / (this.high - this.low)) * (TRANSFER_SIZE - 1);
    const first = Math.min(Math.max(Math.floor(place(Math.min(from, to))), 0), TRANSFER_SIZE - 1);
    const last = Math.min(Math.max(Math.ceil(place(Math.max(from, to))), 0), TRANSFER_SIZE - 1);
    return this.#opaqueBefore[last + 1]! > this.#opaqueBefore[first]!;
  }
}
