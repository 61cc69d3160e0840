import { BRICK_VOXELS, bytesPerVoxel } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { requireRoom } from "../memory-arena.ts";
import { readBricks } from "../read-bricks.ts";
import { type ChosenVoxels, ChosenMask } from "../voxel-choice.ts";

/** Bricks of an image and which of their voxels are counted. */
export interface CountTask extends ChosenVoxels {
  readonly indices: readonly number[];
}

/**
 * Brings the voxels of one brick after the other to WASM memory and calls `visit` with their address, that of the mask of those
 * that are counted (64³ bits), and how many these are. Bricks without any are left out.
 */
export async function visitChosen(
  context: TaskContext,
  task: CountTask,
  visit: (voxelsAt: number, maskAt: number, voxels: number) => void,
): Promise<void> {
  const { arena, pacer } = context;
  const image = context.image!;
  const chosen = new ChosenMask(context, image.dims, task);
  const voxelsAt = requireRoom(arena, BRICK_VOXELS * bytesPerVoxel(image.voxelType));
  let done = 0;
  for await (const [index, brick] of readBricks(image, task.indices, context)) {
    await pacer.pause(done++ / task.indices.length, "Counting values");
    const voxels = chosen.fill(index);
    if (voxels === 0) continue;
    const { buffer, byteOffset, byteLength } = brick.voxels;
    new Uint8Array(arena.memory.buffer, voxelsAt, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    visit(voxelsAt, chosen.at, voxels);
  }
}
