import { BRICK_VOXELS, bytesPerVoxel, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelImage } from "../kernel-data.ts";
import { readImageBrick } from "../read-image-brick.ts";

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

  /** Reads a brick; rejects as `readImageBrick`. */
  async read(at: Dims): Promise<void> {
    await readImageBrick(this.#context, this.#image, at, this.at);
  }
}
