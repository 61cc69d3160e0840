import type { AbortOptions } from "#base";
import type { BrickAddress, BrickPixels, Dims, VoxelType } from "#volume";
import { type PackedLabels, packLabels, unpackLabels } from "../packed-labels.ts";
import { transfer, transferList } from "../wire.ts";
import type { TaskInput } from "./task.ts";

/** What crosses of a task's input; image bricks come by a callback. */
export interface PackedInput {
  readonly image: { readonly dims: Dims; readonly voxelType: VoxelType; readonly frame: number } | undefined;
  readonly maps: readonly PackedLabels[] | undefined;
}

export type ReadBrick = (address: BrickAddress) => Promise<BrickPixels | undefined>;

/** Packs the input of a share; its label bricks are copied. */
export function packInput({ image, maps }: TaskInput, labelBricks: readonly number[] | undefined): PackedInput {
  const packed = maps?.map((labels) => packLabels(labels, labelBricks));
  const shape = image && { dims: image.dims, voxelType: image.voxelType, frame: image.frame };
  return transfer({ image: shape, maps: packed }, transferList(packed ?? []));
}

/** Reads image bricks for a worker. */
export function brickReader({ image }: TaskInput, { signal }: AbortOptions): { readonly readBrick?: ReadBrick } {
  return image ? { readBrick: (address) => image.bricks.readBrick(address, { signal }) } : {};
}

/** The inverse of `packInput`, in the worker. */
export function unpackInput({ image, maps }: PackedInput, readBrick: ReadBrick | undefined): TaskInput {
  return {
    ...(image && readBrick ? { image: { ...image, bricks: { readBrick: (address) => readBrick(address) } } } : {}),
    ...(maps ? { maps: maps.map(unpackLabels) } : {}),
  };
}
