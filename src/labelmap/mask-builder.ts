import { BRICK_EDGE, brickDims, brickIndex, type Dims } from "#volume";
import { emptyMask, setMaskRun } from "./mask.ts";

/** Collects runs of voxels of a volume into one mask per level-0 brick. */
export class MaskBuilder {
  readonly #dims: Dims;
  readonly #bricks: Dims;
  readonly #masks = new Map<number, Uint8Array>();

  constructor(dims: Dims) {
    this.#dims = dims;
    this.#bricks = brickDims(dims);
  }

  /** Adds voxels `low` to `high`, both inside, of row (j, k); what lies outside the volume is left out. */
  addRun(low: number, high: number, j: number, k: number): void {
    const [ni, nj, nk] = this.#dims;
    if (j < 0 || j >= nj || k < 0 || k >= nk) return;
    const last = Math.min(high, ni - 1);
    for (let i = Math.max(low, 0); i <= last; ) {
      const bi = i >> 6;
      const end = Math.min(last, bi * BRICK_EDGE + BRICK_EDGE - 1);
      const mask = this.#mask(brickIndex(this.#bricks, bi, j >> 6, k >> 6));
      setMaskRun(mask, ((k & 63) << 12) | ((j & 63) << 6) | (i & 63), end - i + 1);
      i = end + 1;
    }
  }

  finish(): Map<number, Uint8Array> {
    return this.#masks;
  }

  #mask(index: number): Uint8Array {
    let mask = this.#masks.get(index);
    if (!mask) {
      mask = emptyMask();
      this.#masks.set(index, mask);
    }
    return mask;
  }
}
