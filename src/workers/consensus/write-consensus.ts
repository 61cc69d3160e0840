import type { TaskContext } from "../crew/task.ts";
import type { PackedChanges } from "../packed-changes.ts";
import { transfer } from "../wire.ts";
import { PatternJob } from "./pattern-job.ts";

export interface WriteRequest {
  readonly indices: readonly number[];
  /** Labels of each pattern in the maps, and the label that it becomes. */
  readonly patterns: Uint16Array<ArrayBuffer>;
  readonly labels: Uint16Array<ArrayBuffer>;
}

/** The bricks of a consensus as bytes at rest. Memory: the bytes of a brick of each map (1 MiB), and each pattern. */
export async function writeConsensus(
  context: TaskContext,
  { indices, patterns, labels }: WriteRequest,
): Promise<PackedChanges> {
  const { arena, core, pacer } = context;
  const job = new PatternJob(context, labels.length);
  job.write(patterns, labels);
  const bytesAt = arena.scratch(core.exports.labelRunsRoom());
  const voxelsAt = arena.scratch(4);
  const written: [number, Uint8Array<ArrayBuffer>][] = [];
  let voxels = 0;
  for (const [n, index] of indices.entries()) {
    await pacer.pause(n / indices.length, "Writing the consensus");
    if (!job.begin(index)) continue;
    const count = core.exports.consensusWrite(job.at, bytesAt, voxelsAt);
    if (count === 0) continue;
    voxels += new Uint32Array(arena.memory.buffer, voxelsAt, 1)[0]!;
    written.push([index, new Uint8Array(arena.memory.buffer, bytesAt, count).slice() as Uint8Array<ArrayBuffer>]);
  }
  return transfer(
    { labels: written, erased: [], voxels },
    written.map(([, bytes]) => bytes.buffer),
  );
}
