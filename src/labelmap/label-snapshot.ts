import { brickDims, type Dims, type IndexIjk } from "#volume";
import { decodeLabelBrick } from "./label-brick.ts";
import { locateVoxel } from "./label-store.ts";

/**
 * The labels of one moment, as kernels and writers read them. They stay as they are whatever changes later: bytes at rest are never
 * written over, so a snapshot costs references only.
 */
export class LabelSnapshot {
  readonly dims: Dims;
  readonly #bricks: ReadonlyMap<number, Uint8Array>;

  /** `bricks` are bytes at rest (`encodeLabelBrick`) of every brick that holds a label. */
  constructor(dims: Dims, bricks: ReadonlyMap<number, Uint8Array>) {
    this.dims = dims;
    this.#bricks = bricks;
  }

  /** Label of a whole voxel index; 0 outside the volume. Decodes a brick. */
  valueAt(ijk: IndexIjk): number {
    const place = locateVoxel(this.dims, brickDims(this.dims), ijk);
    return place ? (this.readBrick(place.brickIndex)?.[place.voxel] ?? 0) : 0;
  }

  /** `brickIndex` of every brick that holds a label, ascending. */
  brickIndices(): number[] {
    return [...this.#bricks.keys()].sort((a, b) => a - b);
  }

  /** Bytes at rest; undefined where all is background. */
  encodedBrick(brickIndex: number): Uint8Array | undefined {
    return this.#bricks.get(brickIndex);
  }

  /** 64³ labels, decoded anew; undefined where all is background. */
  readBrick(brickIndex: number): Uint16Array | undefined {
    const bytes = this.#bricks.get(brickIndex);
    return bytes && decodeLabelBrick(bytes);
  }
}
