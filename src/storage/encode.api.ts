import type { VoxelArray } from "#volume";

/** A brick as it is stored. */
export interface EncodedBrick {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of `bytes`. */
  readonly checksum: number;
  /** The memory of the voxels, to be used again when `bytes` are written: where nothing was compressed it is theirs too. */
  readonly voxels: VoxelArray;
}

/** Compresses bricks for another thread. */
export interface EncodeWorkerApi {
  /** The voxels are moved there and back, unless they lie in memory that both threads see. */
  encode(voxels: VoxelArray): EncodedBrick | Promise<EncodedBrick>;
}
