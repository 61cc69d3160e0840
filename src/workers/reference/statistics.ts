import type { Dims } from "#volume";
import type { StatisticsRow } from "../statistics/statistics.api.ts";

/** Statistics per label of flat arrays, by sorting and in two passes. NaN voxels are counted and otherwise left out. */
export function statisticsReference(
  voxels: ArrayLike<number>,
  labels: ArrayLike<number>,
  dims: Dims,
  percentiles: readonly number[] = [],
): StatisticsRow[] {
  const groups = new Map<number, number[]>();
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    if (label === 0) continue;
    const group = groups.get(label);
    if (group) group.push(n);
    else groups.set(label, [n]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([segment, places]) => {
      const values = places.map((n) => voxels[n]!).filter((value) => !Number.isNaN(value));
      values.sort((a, b) => a - b);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const indices = places.map((n) => [
        n % dims[0],
        Math.floor(n / dims[0]) % dims[1],
        Math.floor(n / (dims[0] * dims[1])),
      ]);
      const along = (axis: number) => indices.map((index) => index[axis]!);
      const each = (of: (values: number[]) => number) => [of(along(0)), of(along(1)), of(along(2))] as const;
      return {
        segment,
        voxels: places.length,
        mean,
        sd: Math.sqrt(squares / values.length),
        min: values[0] ?? Number.NaN,
        max: values.at(-1) ?? Number.NaN,
        median: percentile(values, 50),
        percentiles: percentiles.map((share) => percentile(values, share)),
        centroidIjk: each((all) => all.reduce((sum, index) => sum + index, 0) / all.length),
        box: {
          min: each((all) => all.reduce((least, index) => Math.min(least, index))),
          max: each((all) => all.reduce((most, index) => Math.max(most, index)) + 1),
        },
      };
    });
}

/** Linear between ranks. */
function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return Number.NaN;
  const rank = (share / 100) * (ascending.length - 1);
  const low = ascending[Math.floor(rank)]!;
  return low + (ascending[Math.ceil(rank)]! - low) * (rank - Math.floor(rank));
}
