import { EncodedLabels } from "#labelmap";
import type { TaskContext } from "../crew/task.ts";
import type { SeedsProposal } from "../kernels.api.ts";
import { transfer } from "../wire.ts";
import { planSeeds } from "./plan.ts";
import type { SeedsRequest } from "./seeds.api.ts";
import { SeedsJob } from "./seeds-job.ts";
import { InlineSeedsThreads } from "./seeds-threads.ts";

/** A growth from seeds in one thread, as a task: where memory cannot be shared. It keeps no state for the next. */
export async function seedsAlone(context: TaskContext, request: SeedsRequest): Promise<PackedSeeds> {
  const labels = context.maps![0]!;
  const plan = planSeeds(context.image!, labels, request);
  const job = await SeedsJob.create(new InlineSeedsThreads(context), context.image!, labels, plan, context);
  const { bricks, voxels, report } = await job.run(context);
  const { entries } = bricks as EncodedLabels;
  const buffers = entries.map(([, bytes]) => bytes.buffer as ArrayBuffer);
  return transfer({ entries, voxels, report }, buffers);
}

/** A proposal on its way from a task. */
export interface PackedSeeds {
  readonly entries: EncodedLabels["entries"];
  readonly voxels: number;
  readonly report: SeedsProposal["report"];
}

export function unpackSeeds({ entries, voxels, report }: PackedSeeds): SeedsProposal {
  return { kind: "labels", bricks: new EncodedLabels(entries), voxels, report };
}
