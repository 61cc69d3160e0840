import { BRICK_VOXELS, type BrickPixels, bytesPerVoxel, type VoxelType } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { requireRoom } from "../memory-arena.ts";
import { readBricks } from "../read-bricks.ts";
import { type ChosenVoxels, ChosenMask } from "../voxel-choice.ts";
import { transfer } from "../wire.ts";

export interface ThresholdTask extends ChosenVoxels {
  readonly indices: readonly number[];
  /** In values of the image's voxel type. */
  readonly range: readonly [low: number, high: number];
}

/** Masks on their way from a task, as runs (`encodeMaskRuns`). */
export interface PackedMasks {
  readonly masks: readonly (readonly [brickIndex: number, bytes: Uint8Array<ArrayBuffer>])[];
  readonly voxels: number;
}

/**
 * The voxels of some bricks that are in a range. Where the least and greatest voxel of a brick tell that all or none are, its
 * voxels are not looked at. Memory: one brick and the masks as runs. Rejects with what the brick source rejects with,
 * `not-found`, `limit` or AbortError.
 */
export async function thresholdBricks(context: TaskContext, task: ThresholdTask): Promise<PackedMasks> {
  const { core, arena, pacer } = context;
  const image = context.image!;
  const chosen = new ChosenMask(context, image.dims, task);
  const voxelsAt = requireRoom(arena, BRICK_VOXELS * bytesPerVoxel(image.voxelType));
  const maskAt = requireRoom(arena, BRICK_VOXELS / 8);
  const runsAt = requireRoom(arena, core.exports.maskRunsRoom());
  const [low, high] = task.range;
  const masks: [number, Uint8Array<ArrayBuffer>][] = [];
  let voxels = 0;
  let done = 0;
  for await (const [index, brick] of readBricks(image, task.indices, context)) {
    await pacer.pause(done++ / task.indices.length, "Thresholding");
    const known = inRange(image.voxelType, brick, low, high);
    if (known === "none" || chosen.fill(index) === 0) continue;
    let at = chosen.at;
    if (known === "some") {
      at = maskAt;
      const { buffer, byteOffset, byteLength } = brick.voxels;
      new Uint8Array(arena.memory.buffer, voxelsAt, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
      core.exports.candidateBits(VOXEL_TYPE_CODE[image.voxelType], low, high, voxelsAt, maskAt);
      core.exports.andBits(maskAt, chosen.at);
    }
    const count = core.exports.maskRunsEncode(at, runsAt);
    if (count === 0) continue;
    voxels += core.exports.maskCount(at);
    masks.push([index, new Uint8Array(arena.memory.buffer, runsAt, count).slice() as Uint8Array<ArrayBuffer>]);
  }
  return transfer(
    { masks, voxels },
    masks.map(([, bytes]) => bytes.buffer),
  );
}

/** What a brick's least and greatest voxel tell. They leave NaN voxels out, so they tell all of a brick of whole numbers only. */
function inRange(type: VoxelType, { min, max }: BrickPixels, low: number, high: number): "all" | "some" | "none" {
  if (!(min <= high && max >= low)) return "none";
  return type !== "float32" && min >= low && max <= high ? "all" : "some";
}
