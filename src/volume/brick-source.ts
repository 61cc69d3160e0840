import type { AbortOptions } from "#base";
import type { BrickAddress, BrickPixels } from "./brick.ts";

/** Where bricks come from, whatever tier holds them. */
export interface BrickSource {
  /**
   * The brick's voxels, or undefined when it is not there yet (an import under way). The array is the caller's to read, not to
   * change, and stays valid as long as the caller holds it. Rejects with `integrity` when a checksum fails, `storage` when the
   * cache cannot be read, AbortError when aborted.
   */
  readBrick(address: BrickAddress, options?: AbortOptions): Promise<BrickPixels | undefined>;
}
