import { EncodedMasks, MASK_BYTES, type ProposalBricks } from "#labelmap";
import type { KernelCore } from "../kernel-core.ts";

/** Masks of more bytes than this are held as runs: 64 MiB, 2048 bricks. */
const PLAIN_BYTES = 64 * 2 ** 20;

/** Whether so many bricks are held as plain masks. */
export function heldPlain(bricks: number): boolean {
  return bricks * MASK_BYTES <= PLAIN_BYTES;
}

/** A brick's reached bits: its index in the volume and where 32 KiB of bits lie. */
export interface ReachedBrick {
  readonly index: number;
  readonly bitsAt: number;
  readonly voxels: number;
}

/** What a growth has reached, by brickIndex. */
export interface ReachedMasks {
  readonly bricks: ProposalBricks<Uint8Array>;
  readonly voxels: number;
}

/** Reached bits of slots as plain masks, one after the other, and how many voxels each has. */
export interface SlotMasks {
  readonly masks: Uint8Array<ArrayBuffer>;
  readonly voxels: Uint32Array<ArrayBuffer>;
}

/** Copies the reached bits of slots that nothing runs on any more out of the job's memory. */
export function copySlotMasks({ exports, memory }: KernelCore, slots: readonly number[]): SlotMasks {
  const masks = new Uint8Array(slots.length * MASK_BYTES);
  const voxels = new Uint32Array(slots.length);
  for (const [n, slot] of slots.entries()) {
    voxels[n] = exports.growthFinish(slot);
    if (voxels[n] === 0) continue;
    masks.set(new Uint8Array(memory.buffer, exports.growthReached(slot), MASK_BYTES), n * MASK_BYTES);
  }
  return { masks, voxels };
}

/** The masks of slots by the index of their bricks; parts follow one another as `indices` do. */
export function joinSlotMasks(indices: readonly number[], parts: readonly SlotMasks[]): ReachedMasks {
  const bricks = new Map<number, Uint8Array>();
  let total = 0;
  let next = 0;
  for (const { masks, voxels } of parts) {
    for (const [n, count] of voxels.entries()) {
      const index = indices[next++]!;
      if (count === 0) continue;
      bricks.set(index, masks.subarray(n * MASK_BYTES, (n + 1) * MASK_BYTES));
      total += count;
    }
  }
  return { bricks, voxels: total };
}

/**
 * Reached bits as runs, for what is large or has left the job's memory in part. Bricks may use the same bits one after the other;
 * `runsAt` is room for one brick's runs.
 */
export function encodeMasks(
  { exports, memory }: KernelCore,
  reached: Iterable<ReachedBrick>,
  runsAt: number,
): ReachedMasks {
  const entries: [number, Uint8Array][] = [];
  let total = 0;
  for (const { index, bitsAt, voxels } of reached) {
    const bytes = exports.maskRunsEncode(bitsAt, runsAt);
    entries.push([index, new Uint8Array(memory.buffer, runsAt, bytes).slice()]);
    total += voxels;
  }
  return { bricks: new EncodedMasks(entries), voxels: total };
}
