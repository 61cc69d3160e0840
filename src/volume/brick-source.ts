import type { AbortOptions } from "#base";
import type { BrickAddress, BrickPixels, BrickRange } from "./brick.ts";
import type { VoxelArray, VoxelType } from "./voxel-type.ts";

/**
 * Gives an array for the 64³ voxels of a brick, of any content, where somebody wants bricks to lie (the memory of the kernels);
 * undefined when there is no room. The array is its holder's: the room is free again when nobody holds it.
 */
export type BrickRoom = (type: VoxelType) => VoxelArray | undefined;

/** Where bricks come from, whatever tier holds them. */
export interface BrickSource {
  /**
   * The brick's voxels, or undefined when it is not there yet (an import under way). The array is the caller's to read, not to
   * change, and stays valid as long as the caller holds it. Rejects with `integrity` when a checksum fails, `storage` when the
   * cache cannot be read, AbortError when aborted.
   */
  readBrick(address: BrickAddress, options?: AbortOptions): Promise<BrickPixels | undefined>;
  /** Whether `readBrick` has the brick at hand, or keeps it without letting go of others for it; absent where it keeps none. */
  keeps?(address: BrickAddress): boolean;
  /**
   * The same for one that reads a brick once: its voxels are copied to `into`, 64³ of the image's type, whose content is of no use after a
   * rejection. Absent where a source has no shorter way than `readBrick`.
   */
  readBrickInto?(address: BrickAddress, into: VoxelArray, options?: AbortOptions): Promise<BrickRange | undefined>;
}
