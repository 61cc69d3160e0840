import type { TaskContext } from "../crew/task.ts";
import { InlineThreads } from "../inline-threads.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { transfer } from "../wire.ts";
import { grow } from "./grow.ts";
import type { GrowRequest } from "./growth.api.ts";

/** Region growing in one thread, as a task: where memory cannot be shared, and in the calling thread. */
export async function growAlone(context: TaskContext, request: GrowRequest): Promise<MaskProposal> {
  const proposal = await grow(new InlineThreads(context), context.image!, request, context);
  const buffers = Array.from(proposal.bricks, ([, bits]) => bits.buffer as ArrayBuffer);
  return transfer(proposal, buffers);
}
