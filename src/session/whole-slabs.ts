import { BRICK_EDGE, type BrickAddress, brickDims, type Dims } from "#volume";

/** Counts the bricks that an import has stored, to know how many slices of the first frame are whole. */
export class WholeSlabs {
  readonly #depth: number;
  readonly #perSlab: number;
  readonly #before: number;
  readonly #stored = new Map<number, number>();

  /** `wholeSlices` of the first frame, or all of it, are there already. */
  constructor(dims: Dims, wholeSlices = 0) {
    const bricks = brickDims(dims);
    this.#before = Math.ceil(Math.min(wholeSlices, dims[2]) / BRICK_EDGE);
    this.#depth = dims[2];
    this.#perSlab = bricks[0] * bricks[1];
  }

  /** Takes bricks that were stored, each once; returns the slices from the first on that have all their bricks. */
  take(addresses: readonly BrickAddress[]): number {
    for (const { frame, level, bk } of addresses) {
      if (frame === 0 && level === 0) this.#stored.set(bk, (this.#stored.get(bk) ?? 0) + 1);
    }
    let slabs = this.#before;
    while (this.#stored.get(slabs) === this.#perSlab) slabs++;
    return Math.min(slabs * BRICK_EDGE, this.#depth);
  }
}
