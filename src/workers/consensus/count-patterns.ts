import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { PatternJob } from "./pattern-job.ts";
import { PatternSet, type Patterns } from "./patterns.ts";

/** Patterns that the table in WASM memory holds before it is emptied. */
const MOST = 16_384;

/** Counts patterns in bricks. Memory: the bytes of a brick of each map (1 MiB) and 1 MiB; and each pattern found. */
export async function countPatterns(
  context: TaskContext,
  { indices }: { readonly indices: readonly number[] },
): Promise<Patterns> {
  const { core, maps, pacer } = context;
  const job = new PatternJob(context, MOST);
  const found = new PatternSet(maps!.length);
  for (const [n, index] of indices.entries()) {
    await pacer.pause(n / indices.length, "Reading label maps");
    if (!job.begin(index)) continue;
    while (core.exports.consensusCount(job.at) === 0) {
      found.add(job.read());
      job.clear();
    }
  }
  found.add(job.read());
  const patterns = found.finish();
  return transfer(patterns, [patterns.labels.buffer, patterns.voxels.buffer]);
}
