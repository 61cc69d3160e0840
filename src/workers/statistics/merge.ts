import type { StatisticsRow } from "./statistics.api.ts";

/** One label in one brick. */
export interface BrickStatistics {
  readonly segment: number;
  readonly voxels: number;
  /** Voxels that are numbers. */
  readonly values: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Rows for all bricks together, by ascending segment. Merged in the order given, pair by pair (Chan, Golub and LeVeque, 1979), so
 * that the sums do not depend on who computed which brick.
 */
export function mergeStatistics(bricks: readonly (readonly BrickStatistics[])[]): StatisticsRow[] {
  const merged = new Map<number, BrickStatistics>();
  for (const row of bricks.flat()) {
    const held = merged.get(row.segment);
    merged.set(row.segment, held ? mergeTwo(held, row) : row);
  }
  return [...merged.values()]
    .sort((a, b) => a.segment - b.segment)
    .map(({ segment, voxels, values, mean, squares, min, max }) => {
      const none = values === 0;
      const sd = none ? Number.NaN : Math.sqrt(squares / values);
      return { segment, voxels, mean, sd, min: none ? Number.NaN : min, max: none ? Number.NaN : max };
    });
}

function mergeTwo(a: BrickStatistics, b: BrickStatistics): BrickStatistics {
  const voxels = a.voxels + b.voxels;
  if (b.values === 0) return { ...a, voxels };
  if (a.values === 0) return { ...b, voxels };
  const values = a.values + b.values;
  const apart = b.mean - a.mean;
  return {
    segment: a.segment,
    voxels,
    values,
    mean: a.mean + (apart * b.values) / values,
    squares: a.squares + b.squares + (apart * apart * a.values * b.values) / values,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
