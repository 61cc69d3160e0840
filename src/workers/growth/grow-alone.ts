import type { TaskContext } from "../crew/task.ts";
import { InlineThreads } from "../inline-threads.ts";
import { grow } from "./grow.ts";
import type { GrowRequest } from "./growth.api.ts";
import { packMask, type PackedMask } from "./packed-mask.ts";

/** Region growing in one thread, as a task: where memory cannot be shared. */
export async function growAlone(context: TaskContext, request: GrowRequest): Promise<PackedMask> {
  const { core, arena, image } = context;
  return packMask(await grow(new InlineThreads(core, arena), image!, request, context));
}
