import { type AbortOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE } from "./brick.ts";
import type { BrickSource } from "./brick-source.ts";
import type { PyramidLevel } from "./pyramid.ts";
import { createVoxels, type VoxelArray, type VoxelType } from "./voxel-type.ts";

/** Bricks of one slab of a level, bi fastest. */
export type Slab = readonly VoxelArray[];

/** Copies plane `inSlab` of a slab, or of a group of its planes, into `slice` of `dims[0] · dims[1]` voxels. */
export function sliceOfSlab({ dims, bricks }: PyramidLevel, slab: Slab, inSlab: number, slice: VoxelArray): void {
  const plane = inSlab * BRICK_EDGE * BRICK_EDGE;
  for (let j = 0; j < dims[1]; j++) {
    const bj = Math.floor(j / BRICK_EDGE);
    for (let bi = 0; bi < bricks[0]; bi++) {
      const from = plane + (j - bj * BRICK_EDGE) * BRICK_EDGE;
      const columns = Math.min(BRICK_EDGE, dims[0] - bi * BRICK_EDGE);
      slice.set(slab[bj * bricks[0] + bi]!.subarray(from, from + columns), j * dims[0] + bi * BRICK_EDGE);
    }
  }
}

/** Slices of a level from its bricks, a slab in memory at a time. */
export class SlicesOfBricks {
  readonly #bricks: BrickSource;
  readonly #frame: number;
  readonly #level: PyramidLevel;
  readonly #slice: VoxelArray;
  #slab: Slab = [];
  #bk = -1;

  constructor(bricks: BrickSource, frame: number, level: PyramidLevel, voxelType: VoxelType) {
    this.#bricks = bricks;
    this.#frame = frame;
    this.#level = level;
    this.#slice = createVoxels(voxelType, level.dims[0] * level.dims[1]);
  }

  /** Slice k, the receiver's until it asks for the next. Rejects with `integrity` where a brick is damaged or missing. */
  async slice(k: number, options: AbortOptions = {}): Promise<VoxelArray> {
    const bk = Math.floor(k / BRICK_EDGE);
    if (bk !== this.#bk) {
      this.#slab = await this.#read(bk, options);
      this.#bk = bk;
    }
    sliceOfSlab(this.#level, this.#slab, k % BRICK_EDGE, this.#slice);
    return this.#slice;
  }

  async #read(bk: number, options: AbortOptions): Promise<Slab> {
    const { level, bricks } = this.#level;
    const slab: VoxelArray[] = [];
    for (let bj = 0; bj < bricks[1]; bj++) {
      for (let bi = 0; bi < bricks[0]; bi++) {
        const brick = await this.#bricks.readBrick({ frame: this.#frame, level, bi, bj, bk }, options);
        if (!brick) throw new VoxelwrightError("integrity", "A brick of a slab that was whole is missing.");
        slab.push(brick.voxels);
      }
    }
    return slab;
  }
}
