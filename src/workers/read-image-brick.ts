import { VoxelwrightError } from "#base";
import { BRICK_VOXELS, type BrickRange, type Dims, viewVoxels } from "#volume";
import type { TaskContext } from "./crew/task.ts";
import type { KernelImage } from "./kernel-data.ts";

/**
 * Reads the 64³ voxels of one brick of an image to `to` in the task's memory, without a copy in between where its source can; gives their
 * range. Rejects with what the source rejects with, and with `not-found` where the brick is not imported yet.
 */
export async function readImageBrick(
  { arena, signal }: Pick<TaskContext, "arena" | "signal">,
  { bricks, frame, voxelType }: KernelImage,
  [bi, bj, bk]: Dims,
  to: number,
): Promise<BrickRange> {
  const address = { frame, level: 0, bi, bj, bk };
  const into = viewVoxels(voxelType, arena.memory.buffer, to, BRICK_VOXELS);
  if (bricks.readBrickInto) {
    const range = await bricks.readBrickInto(address, into, { signal });
    if (range) return range;
  } else {
    const brick = await bricks.readBrick(address, { signal });
    if (brick) {
      into.set(brick.voxels);
      return brick;
    }
  }
  throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
    advice: "Try again when the import has finished.",
  });
}
