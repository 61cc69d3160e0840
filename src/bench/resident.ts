import { brickDims, brickIndex, type BrickPixels } from "#volume";
import type { KernelImage, Kernels } from "#workers";

/**
 * The image with its bricks in the memory of the kernels, as the page's cache holds them; bricks for which there is no room stay
 * where they are.
 */
export async function residentImage(image: KernelImage, kernels: Kernels): Promise<KernelImage> {
  const counts = brickDims(image.dims);
  const held = new Map<number, BrickPixels>();
  for (let bk = 0; bk < counts[2]; bk++) {
    for (let bj = 0; bj < counts[1]; bj++) {
      for (let bi = 0; bi < counts[0]; bi++) {
        const brick = await image.bricks.readBrick({ frame: image.frame, level: 0, bi, bj, bk });
        if (!brick) continue;
        const voxels = kernels.bricks?.allocate(image.voxelType);
        voxels?.set(brick.voxels);
        held.set(brickIndex(counts, bi, bj, bk), voxels ? { ...brick, voxels } : brick);
      }
    }
  }
  return {
    ...image,
    bricks: { readBrick: ({ bi, bj, bk }) => Promise.resolve(held.get(brickIndex(counts, bi, bj, bk))) },
    residentBricks: () => held.values(),
  };
}
