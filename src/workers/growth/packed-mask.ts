import { EncodedMasks } from "#labelmap";
import type { MaskProposal } from "../kernels.api.ts";
import { transfer } from "../wire.ts";

/** A mask proposal as plain data, for its way out of a worker. */
export interface PackedMask {
  readonly segment: number;
  readonly voxels: number;
  /** Bits of 64³ voxels by `brickIndex`, or runs where there are many. */
  readonly bits: ReadonlyMap<number, Uint8Array> | undefined;
  readonly runs: EncodedMasks["entries"] | undefined;
}

export function packMask({ segment, voxels, bricks }: MaskProposal): PackedMask {
  if (bricks instanceof EncodedMasks) return { segment, voxels, bits: undefined, runs: bricks.entries };
  const bits = new Map(bricks);
  const buffers = new Set([...bits.values()].map((mask) => mask.buffer as ArrayBuffer));
  return transfer({ segment, voxels, bits, runs: undefined }, [...buffers]);
}

export function unpackMask({ segment, voxels, bits, runs }: PackedMask): MaskProposal {
  return { kind: "mask", segment, voxels, bricks: bits ?? new EncodedMasks(runs ?? []) };
}
