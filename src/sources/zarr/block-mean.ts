import { BRICK_EDGE, BRICK_VOXELS, createVoxels, type Dims, type VoxelArray, type VoxelType } from "#volume";

/** One brick as means of blocks of finer voxels, which come in pieces and in any order. A block at the edge is what is there of it. */
export class BlockMean {
  readonly #sums = new Float64Array(BRICK_VOXELS);
  readonly #counts = new Uint32Array(BRICK_VOXELS);
  readonly #block: Dims;

  /** `block`: finer voxels of one voxel along each axis. */
  constructor(block: Dims) {
    this.#block = block;
  }

  /**
   * Takes the first `extent` voxels of a piece with rows of 64 and planes of 64². `first` is its first voxel, counted in finer
   * voxels from the brick's own.
   */
  add(voxels: VoxelArray, extent: Dims, first: Dims): void {
    const [bi, bj, bk] = this.#block;
    for (let k = 0; k < extent[2]; k++) {
      const plane = Math.floor((first[2] + k) / bk) * BRICK_EDGE;
      for (let j = 0; j < extent[1]; j++) {
        const row = (plane + Math.floor((first[1] + j) / bj)) * BRICK_EDGE;
        let read = (k * BRICK_EDGE + j) * BRICK_EDGE;
        for (let i = 0; i < extent[0]; i++) {
          const to = row + Math.floor((first[0] + i) / bi);
          this.#sums[to]! += voxels[read++]!;
          this.#counts[to]!++;
        }
      }
    }
  }

  /** The means, rounded to nearest (half up) for whole types; 0 where nothing came. */
  finish(type: VoxelType): VoxelArray {
    const means = createVoxels(type, BRICK_VOXELS);
    const half = type === "float32" ? undefined : 0.5;
    for (let n = 0; n < BRICK_VOXELS; n++) {
      const count = this.#counts[n]!;
      if (count === 0) continue;
      const mean = this.#sums[n]! / count;
      means[n] = half === undefined ? mean : Math.floor(mean + half);
    }
    return means;
  }
}
