import type { AbortOptions } from "#base";
import type { VolumeDescription } from "./volume-description.ts";
import type { VoxelArray } from "./voxel-type.ts";

/** One slice of voxels in storage order: `dims[0] · dims[1]` values, i fastest. */
export interface Slice {
  readonly frame: number;
  readonly k: number;
  /** Owned by the receiver until it asks for the next slice; a reader may then reuse the array. */
  readonly voxels: VoxelArray;
}

export interface SliceOptions extends AbortOptions {
  /** Slices that are not wanted, counted from the first over all frames. A source that cannot pass over them may still give them. */
  readonly from?: number;
}

/**
 * An opened source: described, voxels not yet read. Slices come in the order frame by frame, k ascending, each exactly once;
 * a source never holds more than a few slices. Ends by error (`source`, naming the file) when voxels are missing or damaged.
 */
export interface SliceSource {
  readonly description: VolumeDescription;
  /** Bytes that reading will go through, for progress; undefined when unknown. */
  readonly byteLength?: number;
  slices(options?: SliceOptions): AsyncIterable<Slice>;
}
