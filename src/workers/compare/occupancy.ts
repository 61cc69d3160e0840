import { brickCoordinates, brickDims, brickExtent } from "#volume";
import { BrickRuns } from "../brick-runs.ts";
import type { TaskContext } from "../crew/task.ts";
import { restingBytes } from "../resting-bytes.ts";

const LABELS = 65_536;
const ENTRY_BYTES = 16;

/** Where a label lies in a brick: bit (j / 8) + 8 (k / 8) of two words of 32 bits for each block of 64×8×8 voxels it has voxels in. */
export interface BrickBlocks {
  readonly brick: number;
  readonly low: number;
  readonly high: number;
}

/** A label of one brick of one map. */
export interface OccupancyEntry extends BrickBlocks {
  readonly segment: number;
  readonly voxels: number;
}

/** The labels of bricks, for each map. Memory: 4 MiB. */
export async function occupancyOfBricks(
  context: TaskContext,
  { indices }: { readonly indices: readonly number[] },
): Promise<OccupancyEntry[][]> {
  const { arena, core, maps, pacer } = context;
  const runs = new BrickRuns(context);
  const entryOf = arena.scratch(LABELS * 2);
  const entriesAt = arena.scratch(LABELS * ENTRY_BYTES);
  new Uint16Array(arena.memory.buffer, entryOf, LABELS).fill(0xffff);
  const found: OccupancyEntry[][] = [];
  for (const map of maps!) {
    const bytes = restingBytes(map);
    const bricks = brickDims(map.dims);
    const entries: OccupancyEntry[] = [];
    for (const [n, brick] of indices.entries()) {
      await pacer.pause(n / indices.length, "Finding segments");
      const count = runs.read(bytes, brick, brickExtent(map.dims, brickCoordinates(bricks, brick)));
      if (count === 0) continue;
      const labels = core.exports.brickOccupancy(runs.at, count, entryOf, entriesAt);
      const words = new Uint32Array(arena.memory.buffer, entriesAt, labels * 4);
      for (let at = 0; at < words.length; at += 4) {
        entries.push({ segment: words[at]!, voxels: words[at + 1]!, brick, low: words[at + 2]!, high: words[at + 3]! });
      }
    }
    found.push(entries);
  }
  return found;
}
