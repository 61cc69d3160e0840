import type { TaskContext } from "../crew/task.ts";
import type { ConsensusMethod, RaterPerformance } from "./consensus.api.ts";
import { majority } from "./majority.ts";
import type { Patterns } from "./patterns.ts";
import { staple } from "./staple.ts";
import { stapleBinary } from "./staple-binary.ts";

/** When an iteration ends: the method's own threshold when none is given. */
export interface IterationLimits {
  readonly threshold?: number;
  readonly maxIterations: number;
}

/** The consensus of every pattern, undefined where there is none, and how the maps do. */
export interface Decision {
  readonly labels: readonly (number | undefined)[];
  readonly raters: readonly RaterPerformance[];
  readonly iterations: number;
}

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
