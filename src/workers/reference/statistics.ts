import type { StatisticsRow } from "../statistics/statistics.api.ts";

/** Statistics per label of flat arrays, in two passes. NaN voxels are counted and otherwise left out. */
export function statisticsReference(voxels: ArrayLike<number>, labels: ArrayLike<number>): StatisticsRow[] {
  const groups = new Map<number, number[]>();
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    if (label === 0) continue;
    const group = groups.get(label);
    if (group) group.push(voxels[n]!);
    else groups.set(label, [voxels[n]!]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([segment, all]) => {
      const values = all.filter((value) => !Number.isNaN(value));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return {
        segment,
        voxels: all.length,
        mean,
        sd: Math.sqrt(squares / values.length),
        min: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
        max: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
      };
    });
}
