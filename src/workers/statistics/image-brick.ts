import { VoxelwrightError } from "#base";
import { BRICK_VOXELS, bytesPerVoxel, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelImage } from "../kernel-data.ts";

/** Room in WASM memory for the voxels of one brick of an image. */
export class ImageBrick {
  readonly at: number;
  readonly #context: TaskContext;
  readonly #image: KernelImage;

  constructor(context: TaskContext, image: KernelImage) {
    this.#context = context;
    this.#image = image;
    this.at = context.arena.scratch(BRICK_VOXELS * bytesPerVoxel(image.voxelType));
  }

  /** Reads a brick. Rejects with what its source rejects with, and with `not-found` where it is not imported yet. */
  async read([bi, bj, bk]: Dims): Promise<void> {
    const { arena, signal } = this.#context;
    const address = { frame: this.#image.frame, level: 0, bi, bj, bk };
    const brick = await this.#image.bricks.readBrick(address, { signal });
    if (!brick) {
      throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
        advice: "Try again when the import has finished.",
      });
    }
    const { buffer, byteOffset, byteLength } = brick.voxels;
    new Uint8Array(arena.memory.buffer, this.at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  }
}
