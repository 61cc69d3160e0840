import { EncodedMasks, MASK_BYTES, type ProposalBricks } from "#labelmap";
import type { KernelCore } from "../kernel-core.ts";

/** Masks of more bytes than this are held as runs: 64 MiB, 2048 bricks. */
const PLAIN_BYTES = 64 * 2 ** 20;

/** A brick's reached bits: its index in the volume and where 32 KiB of bits lie. */
export interface ReachedBrick {
  readonly index: number;
  readonly bitsAt: number;
  readonly voxels: number;
}

/**
 * Copies reached bits out of the job's memory: as they are into one buffer where that is small, else as runs. At most `most` bricks
 * come; they may use the same bits one after the other. `runsAt` is room for one brick's runs.
 */
export function collectMasks(
  { exports, memory }: KernelCore,
  most: number,
  reached: Iterable<ReachedBrick>,
  runsAt: number,
): { readonly bricks: ProposalBricks<Uint8Array>; readonly voxels: number } {
  let total = 0;
  if (most * MASK_BYTES <= PLAIN_BYTES) {
    const masks = new Map<number, Uint8Array>();
    const all = new Uint8Array(most * MASK_BYTES);
    for (const { index, bitsAt, voxels } of reached) {
      const mask = all.subarray(masks.size * MASK_BYTES, (masks.size + 1) * MASK_BYTES);
      mask.set(new Uint8Array(memory.buffer, bitsAt, MASK_BYTES));
      masks.set(index, mask);
      total += voxels;
    }
    return { bricks: masks, voxels: total };
  }
  const entries: [number, Uint8Array][] = [];
  for (const { index, bitsAt, voxels } of reached) {
    const bytes = exports.maskRunsEncode(bitsAt, runsAt);
    entries.push([index, new Uint8Array(memory.buffer, runsAt, bytes).slice()]);
    total += voxels;
  }
  return { bricks: new EncodedMasks(entries), voxels: total };
}
