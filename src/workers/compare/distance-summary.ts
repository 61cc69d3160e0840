import type { TaskContext } from "../crew/task.ts";
import { SAME } from "../distance/metric.ts";
import type { DirectedDistances } from "./compare.api.ts";

/** Distances between two surfaces, both ways apart and pooled. */
export interface SurfaceSummary {
  readonly fromAToB: DirectedDistances;
  readonly fromBToA: DirectedDistances;
  readonly meanMm: number;
  readonly medianMm: number;
  readonly hausdorff95Mm: number;
  readonly within: number;
}

/** Figures of squared distances at `at`: `a` of the one way, then `b` of the other. The list is changed. */
export function summarise(context: TaskContext, at: number, a: number, b: number, toleranceMm: number): SurfaceSummary {
  const { arena, core } = context;
  const sumsAt = arena.scratch(24);
  const sumsOf = (from: number, count: number): readonly [sum: number, most: number, within: number] => {
    core.exports.distanceSummary(from, count, toleranceMm * (1 + SAME), sumsAt);
    const [sum, most, within] = new Float64Array(arena.memory.buffer, sumsAt, 3);
    return [sum!, most!, within!];
  };
  const percentile = (from: number, count: number, share: number): number => {
    const rank = share * (count - 1);
    const below = Math.floor(rank);
    const low = core.exports.selectRank(from, count, below);
    return low + (core.exports.leastAfter(from, count, below) - low) * (rank - below);
  };
  const [sumA, mostA, withinA] = sumsOf(at, a);
  const [sumB, mostB, withinB] = sumsOf(at + a * 8, b);
  const fromAToB = { meanMm: sumA / a, hausdorff95Mm: percentile(at, a, 0.95), hausdorffMm: mostA };
  const fromBToA = { meanMm: sumB / b, hausdorff95Mm: percentile(at + a * 8, b, 0.95), hausdorffMm: mostB };
  return {
    fromAToB,
    fromBToA,
    meanMm: (sumA + sumB) / (a + b),
    medianMm: percentile(at, a + b, 0.5),
    hausdorff95Mm: percentile(at, a + b, 0.95),
    within: withinA + withinB,
  };
}
