import type { TaskContext } from "../crew/task.ts";
import type { ConsensusMethod } from "./consensus.api.ts";
import type { Decision, IterationLimits } from "./decision.ts";
import { majority } from "./majority.ts";
import type { Patterns } from "./patterns.ts";
import { staple } from "./staple.ts";
import { stapleBinary } from "./staple-binary.ts";

export interface EstimateRequest extends IterationLimits {
  readonly patterns: Patterns;
  readonly method: ConsensusMethod;
}

/** Decides every pattern, in one thread: 200 bytes a pattern. */
export async function estimateConsensus({ pacer }: TaskContext, request: EstimateRequest): Promise<Decision> {
  const { patterns, method } = request;
  if (method === "majority") return majority(patterns);
  return method === "staple" ? staple(patterns, request, pacer) : stapleBinary(patterns, request, pacer);
}
