import type { AbortOptions } from "#base";
import type { BrickAddress, BrickPixels, BrickRange, BrickSource, Dims, VoxelArray, VoxelType } from "#volume";
import { type PackedLabels, packLabels, unpackLabels } from "../packed-labels.ts";
import { transfer, transferList } from "../wire.ts";
import type { TaskInput } from "./task.ts";

/** What crosses of a task's input; image bricks come by a callback. */
export interface PackedInput {
  readonly image: { readonly dims: Dims; readonly voxelType: VoxelType; readonly frame: number } | undefined;
  readonly maps: readonly PackedLabels[] | undefined;
}

/** Where a worker's image bricks come from. */
export interface BrickReader {
  readonly readBrick?: (address: BrickAddress) => Promise<BrickPixels | undefined>;
  /** `into` lies in memory that both threads see. */
  readonly readBrickInto?: (address: BrickAddress, into: VoxelArray) => Promise<BrickRange | undefined>;
}

/** Packs the input of a share; its label bricks are copied. */
export function packInput({ image, maps }: TaskInput, labelBricks: readonly number[] | undefined): PackedInput {
  const packed = maps?.map((labels) => packLabels(labels, labelBricks));
  const shape = image && { dims: image.dims, voxelType: image.voxelType, frame: image.frame };
  return transfer({ image: shape, maps: packed }, transferList(packed ?? []));
}

/** Reads image bricks for a worker. */
export function brickReader({ image }: TaskInput, { signal }: AbortOptions): BrickReader {
  if (!image) return {};
  const { bricks } = image;
  // A task's memory is shared memory, which only isolated pages may post.
  const direct = bricks.readBrickInto !== undefined && globalThis.crossOriginIsolated !== false;
  return {
    readBrick: (address) => bricks.readBrick(address, { signal }),
    ...(direct ? { readBrickInto: (address, into) => bricks.readBrickInto!(address, into, { signal }) } : {}),
  };
}

/** The inverse of `packInput`, in the worker. */
export function unpackInput({ image, maps }: PackedInput, { readBrick, readBrickInto }: BrickReader): TaskInput {
  const bricks: BrickSource | undefined = readBrick && {
    readBrick: (address) => readBrick(address),
    ...(readBrickInto ? { readBrickInto: (address, into) => readBrickInto(address, into) } : {}),
  };
  return {
    ...(image && bricks ? { image: { ...image, bricks } } : {}),
    ...(maps ? { maps: maps.map(unpackLabels) } : {}),
  };
}
