import { EncodedMasks, type ProposalBricks } from "#labelmap";

/** The masks of a proposal by brick, as they are held: 32 KiB of bits each, or runs. */
export function maskEntries(bricks: ProposalBricks<Uint8Array>): {
  readonly masks: ReadonlyMap<number, Uint8Array>;
  readonly runs: boolean;
} {
  const runs = bricks instanceof EncodedMasks;
  return { masks: new Map(runs ? bricks.entries : bricks), runs };
}
