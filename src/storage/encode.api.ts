import type { VoxelArray } from "#volume";

/** A brick as it is stored. */
export interface EncodedBrick {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  /** Of all parts. */
  readonly checksum: number;
  /** The memory of the voxels, to be used again when the parts are written: where nothing was compressed it is theirs too. */
  readonly planes: readonly VoxelArray[];
}

/** Compresses bricks for another thread. */
export interface EncodeWorkerApi {
  /** The planes of a brick are moved there and back, unless they lie in memory that both threads see. */
  encode(planes: readonly VoxelArray[]): EncodedBrick | Promise<EncodedBrick>;
}
