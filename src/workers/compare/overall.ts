import type { CompareRow, OverallAgreement } from "./compare.api.ts";

/** Agreement over all rows together; undefined when there is none. */
export function overallAgreement(rows: readonly CompareRow[]): OverallAgreement | undefined {
  if (rows.length === 0) return undefined;
  const sum = (of: (row: CompareRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
  const known = (of: (row: CompareRow) => number | undefined): number[] =>
    rows.map(of).filter((value) => value !== undefined);
  const mean = (values: readonly number[]): number | undefined =>
    share(
      values.reduce((total, value) => total + value, 0),
      values.length,
    );
  const voxelsA = sum((row) => row.voxelsA);
  const voxelsB = sum((row) => row.voxelsB);
  const voxelsCommon = sum((row) => row.voxelsCommon);
  const farthest = known((row) => row.hausdorffMm);
  return {
    segments: rows.length,
    voxelsA,
    voxelsB,
    voxelsCommon,
    dice: (2 * voxelsCommon) / (voxelsA + voxelsB),
    jaccard: voxelsCommon / (voxelsA + voxelsB - voxelsCommon),
    sensitivity: share(voxelsCommon, voxelsA),
    precision: share(voxelsCommon, voxelsB),
    volumeDifference: share(voxelsB - voxelsA, voxelsA),
    meanDice: sum((row) => row.dice) / rows.length,
    surfaceDice:
      sum((row) => row.surfaceVoxelsWithin) / (sum((row) => row.surfaceVoxelsA) + sum((row) => row.surfaceVoxelsB)),
    hausdorffMm: farthest.length > 0 ? farthest.reduce((a, b) => Math.max(a, b)) : undefined,
    meanHausdorff95Mm: mean(known((row) => row.hausdorff95Mm)),
    meanSurfaceDistanceMm: mean(known((row) => row.meanSurfaceDistanceMm)),
  };
}
