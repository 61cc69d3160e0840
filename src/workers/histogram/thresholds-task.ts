import { findThresholds, type FoundThresholds, type Histogram, type ThresholdMethod } from "#volume";
import type { TaskContext } from "../crew/task.ts";

export interface ThresholdsTask {
  readonly histogram: Histogram;
  readonly methods: readonly ThresholdMethod[];
}

/** Thresholds of a histogram by several methods, in their order; some take half a second. */
export async function thresholdsOf(
  { pacer }: TaskContext,
  { histogram, methods }: ThresholdsTask,
): Promise<FoundThresholds[]> {
  const found: FoundThresholds[] = [];
  for (const [n, method] of methods.entries()) {
    await pacer.pause(n / methods.length, `Finding thresholds: ${method}`);
    found.push(findThresholds(histogram, method));
  }
  return found;
}
