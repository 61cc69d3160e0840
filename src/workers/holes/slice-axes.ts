import { brickCoordinates, brickDims, brickIndex, type Dims } from "#volume";

/**
 * The axes of a volume with one of them exchanged with k, so that slices across it lie across k. `axis` 2, or undefined for no slices,
 * leaves them as they are.
 */
export class SliceAxes {
  /** Axis of the slices, 2 when there are none. */
  readonly axis: 0 | 1 | 2;
  readonly planar: boolean;
  /** Dims and brick counts after the exchange. */
  readonly dims: Dims;
  readonly bricks: Dims;
  readonly #before: Dims;

  constructor(dims: Dims, axis: 0 | 1 | 2 | undefined) {
    this.axis = axis ?? 2;
    this.planar = axis !== undefined;
    this.dims = this.exchange(dims);
    this.bricks = brickDims(this.dims);
    this.#before = brickDims(dims);
  }

  /** A triple with the axis and k exchanged; its own inverse. */
  exchange([i, j, k]: Dims): Dims {
    return this.axis === 0 ? [k, j, i] : this.axis === 1 ? [i, k, j] : [i, j, k];
  }

  /** `brickIndex` of a brick of the volume after the exchange. */
  turned(index: number): number {
    return brickIndex(this.bricks, ...this.exchange(brickCoordinates(this.#before, index)));
  }

  /** The inverse of `turned`. */
  original(turned: number): number {
    return brickIndex(this.#before, ...this.exchange(brickCoordinates(this.bricks, turned)));
  }
}
