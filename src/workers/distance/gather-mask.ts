import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickBox, brickDims, type Dims, type IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { BoxGatherer } from "../gather.ts";
import { hull, intersect, isEmpty, sizeOf } from "../index-box.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { requireRoom } from "../memory-arena.ts";
import { type BitMask, bitMaskBytes, bitRowBytes } from "./box-distances.ts";

/** The smallest box around the bricks that hold labels; undefined where none does. */
export function labelledBox(map: KernelLabels): IndexBox | undefined {
  const bricks = brickDims(map.dims);
  let box: IndexBox | undefined;
  for (const index of map.brickIndices()) {
    const own = brickBox(map.dims, ...brickCoordinates(bricks, index));
    box = box ? hull(box, own) : own;
  }
  return box;
}

const LABELS = 65_536;

/** A byte for each label value: 1 for the chosen ones, for all but background when none are given. Returns its address. */
export function memberTable({ arena }: TaskContext, segments: readonly number[] | undefined): number {
  const members = new Uint8Array(LABELS);
  if (segments) for (const segment of segments) members[segment] = 1;
  else members.fill(1, 1);
  // Made here and copied: JavaScript fills shared memory slowly.
  const at = requireRoom(arena, LABELS);
  new Uint8Array(arena.memory.buffer, at, LABELS).set(members);
  return at;
}

/** A mask and the voxel of the volume that its first bit is. */
export interface PlacedMask extends BitMask {
  readonly first: Dims;
}

/**
 * Bits of the voxels of a box whose label is a member. The mask begins at a brick along i, so that a brick's rows are words of it.
 * Memory: a bit a voxel, and a brick.
 */
export async function gatherMask(
  { core, arena, pacer }: TaskContext,
  gatherer: BoxGatherer,
  map: KernelLabels,
  members: number,
  box: IndexBox,
): Promise<PlacedMask> {
  const first: Dims = [Math.floor(box.min[0] / BRICK_EDGE) * BRICK_EDGE, box.min[1], box.min[2]];
  const size = sizeOf({ min: first, max: box.max });
  const at = arena.allocate(bitMaskBytes(size));
  const brickAt = arena.allocate(BRICK_VOXELS * 2);
  const row = bitRowBytes(size[0]);
  const bricks = brickDims(map.dims);
  for (const index of map.brickIndices()) {
    await pacer.pause(0, "Reading labels");
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    const part = intersect(brickBox(map.dims, bi, bj, bk), { min: first, max: box.max });
    if (isEmpty(part) || !gatherer.labelBrick(map, index, brickAt)) continue;
    const [i, j, k] = part.min;
    const inBrick = (k - bk * BRICK_EDGE) * BRICK_EDGE + (j - bj * BRICK_EDGE);
    const to = at + ((k - first[2]) * size[1] + (j - first[1])) * row + ((i - first[0]) / 64) * 8;
    core.exports.bitsOfMembers(
      brickAt + inBrick * BRICK_EDGE * 2,
      BRICK_EDGE * 2,
      BRICK_EDGE ** 2 * 2,
      ...sizeOf(part),
      members,
      to,
      row,
      row * size[1],
    );
  }
  return { at, size, first };
}
