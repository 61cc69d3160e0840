import type { RaterPerformance } from "./consensus.api.ts";

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
