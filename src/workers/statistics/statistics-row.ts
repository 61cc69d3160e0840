import { type Moments, percentilesOf, ranksOf } from "./distribution.ts";
import { centroidOf, type IndexSums } from "./moments.ts";
import type { StatisticsRow } from "./statistics.api.ts";

/**
 * A row without shape. `percentiles` begins with the median's, `atRanks` has the values of their ranks (`ranksOf`); values are NaN
 * without moments, percentiles without `atRanks`.
 */
export function statisticsRow(
  segment: number,
  indices: Pick<IndexSums, "box"> & { readonly sums: readonly bigint[] },
  found: Moments | undefined,
  percentiles: readonly number[],
  atRanks: readonly number[] | undefined,
): StatisticsRow {
  const [median, ...others] =
    found && atRanks
      ? percentilesOf(percentiles, found.values, ranksOf(percentiles, found.values), atRanks)
      : percentiles.map(() => Number.NaN);
  return {
    segment,
    voxels: Number(indices.sums[0]),
    mean: found?.mean ?? Number.NaN,
    sd: found ? Math.sqrt(found.squares / found.values) : Number.NaN,
    min: found?.min ?? Number.NaN,
    max: found?.max ?? Number.NaN,
    median: median!,
    percentiles: others,
    centroidIjk: centroidOf(indices),
    box: indices.box,
  };
}
