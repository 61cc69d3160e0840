import type { Dims, VoxelArray } from "#volume";

/**
 * Region growing as a textbook has it: breadth first over one dense array with an index queue, 6 neighbours. The reference that
 * ours is held against, voxel for voxel and in time.
 */
export function plainGrowth(dims: Dims, voxels: VoxelArray, seed: Dims, low: number, high: number): Uint8Array {
  const [width, height, depth] = dims;
  const slice = width * height;
  const mask = new Uint8Array(slice * depth);
  const queue = new Uint32Array(mask.length);
  let head = 0;
  let tail = 0;
  const visit = (index: number): void => {
    const value = voxels[index]!;
    if (mask[index] !== 0 || !(value >= low && value <= high)) return;
    mask[index] = 1;
    queue[tail++] = index;
  };
  visit((seed[2] * height + seed[1]) * width + seed[0]);
  while (head < tail) {
    const index = queue[head++]!;
    const i = index % width;
    const j = Math.floor(index / width) % height;
    if (i > 0) visit(index - 1);
    if (i < width - 1) visit(index + 1);
    if (j > 0) visit(index - width);
    if (j < height - 1) visit(index + width);
    if (index >= slice) visit(index - slice);
    if (index < mask.length - slice) visit(index + slice);
  }
  return mask;
}
