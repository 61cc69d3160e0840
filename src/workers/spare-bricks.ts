import { type AbortOptions, VoxelwrightError } from "#base";
import { BRICK_VOXELS, type BrickPixels, bytesPerVoxel, type Dims, viewVoxels, type VoxelArray } from "#volume";
import type { KernelImage } from "./kernel-data.ts";

/**
 * Reads bricks of level 0 of an image for somebody who copies them and lets them go. Those that their source would keep in the place of
 * others go to rooms in shared memory that are used again, so that a walk over a large image neither empties what is kept nor makes
 * garbage.
 */
export class SpareBricks {
  readonly #image: KernelImage;
  readonly #free: VoxelArray[] = [];
  readonly #rooms = new WeakSet<VoxelArray>();

  constructor(image: KernelImage) {
    this.#image = image;
  }

  /** Rejects with what the source rejects with, and with `not-found` where the brick is not imported yet. */
  async read([bi, bj, bk]: Dims, options: AbortOptions): Promise<BrickPixels> {
    const { bricks, frame } = this.#image;
    const address = { frame, level: 0, bi, bj, bk };
    const keeps = bricks.keeps?.(address) !== false || typeof SharedArrayBuffer === "undefined";
    if (keeps || !bricks.readBrickInto) {
      const brick = await bricks.readBrick(address, options);
      if (brick) return brick;
    } else {
      const voxels = this.#free.pop() ?? this.#room();
      const range = await bricks.readBrickInto(address, voxels, options);
      if (range) return { address, voxels, min: range.min, max: range.max };
    }
    throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
      advice: "Try again when the import has finished.",
    });
  }

  /** Says that nobody looks at a brick any more. */
  release({ voxels }: BrickPixels): void {
    if (this.#rooms.has(voxels)) this.#free.push(voxels);
  }

  #room(): VoxelArray {
    const { voxelType } = this.#image;
    const room = viewVoxels(voxelType, new SharedArrayBuffer(BRICK_VOXELS * bytesPerVoxel(voxelType)));
    this.#rooms.add(room);
    return room;
  }
}
