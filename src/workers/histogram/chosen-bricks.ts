import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickBox,
  brickCoordinates,
  brickDims,
  type BrickPixels,
  bytesPerVoxel,
} from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { requireRoom } from "../memory-arena.ts";
import { readBricks } from "../read-bricks.ts";
import { type ChosenVoxels, ChosenMask } from "../voxel-choice.ts";

/** Bricks of an image and which of their voxels are counted. */
export interface CountTask extends ChosenVoxels {
  readonly indices: readonly number[];
}

/** Voxels counted in 32-bit tables before these are added up elsewhere. */
export const MOST_COUNTED = 2 ** 31;

/** A brick of which voxels are counted. */
export interface ChosenBrick {
  readonly brick: BrickPixels;
  /** Address of the mask of those that are counted (64³ bits), and how many they are. */
  readonly maskAt: number;
  readonly voxels: number;
  /** Whether they are all that belong to the volume. */
  readonly whole: boolean;
  /** Brings the voxels to WASM memory, but for slices past the volume's end; gives their address. */
  load(): number;
}

/** Reads one brick after the other and calls `visit`; bricks without counted voxels are left out. */
export async function visitChosen(
  context: TaskContext,
  task: CountTask,
  visit: (chosen: ChosenBrick) => void,
): Promise<void> {
  const { arena, pacer } = context;
  const image = context.image!;
  const mask = new ChosenMask(context, image.dims, task);
  const size = bytesPerVoxel(image.voxelType);
  const voxelsAt = requireRoom(arena, BRICK_VOXELS * size);
  const bricks = brickDims(image.dims);
  let done = 0;
  for await (const [index, brick] of readBricks(image, task.indices, context)) {
    await pacer.pause(done++ / task.indices.length, "Counting values");
    const voxels = mask.fill(index);
    if (voxels === 0) continue;
    const { min, max } = brickBox(image.dims, ...brickCoordinates(bricks, index));
    const whole = voxels === (max[0] - min[0]) * (max[1] - min[1]) * (max[2] - min[2]);
    const load = (): number => {
      const bytes = (max[2] - min[2]) * BRICK_EDGE ** 2 * size;
      const { buffer, byteOffset } = brick.voxels;
      new Uint8Array(arena.memory.buffer, voxelsAt, bytes).set(new Uint8Array(buffer, byteOffset, bytes));
      return voxelsAt;
    };
    visit({ brick, maskAt: mask.at, voxels, whole, load });
  }
}
