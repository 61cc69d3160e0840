import type { Segment } from "#labelmap";
import type { ImageGrid } from "#volume";
import type { CompareRow, DirectedDistances, OverallAgreement } from "#workers";

/**
 * Agreement of two labelmaps on one segment as people and programs read it. What cannot be said is null: distances of a segment that
 * is in one labelmap only or on a grid along whose axes millimetres cannot be measured, shares of nothing, volumes in an uneven
 * stack.
 */
export interface ShownAgreement {
  readonly segment: number;
  readonly name: string;
  readonly dice: number;
  readonly hausdorff95Mm: number | null;
  readonly meanSurfaceDistanceMm: number | null;
  readonly voxelsA: number;
  readonly voxelsB: number;
  readonly jaccard: number;
  readonly sensitivity: number | null;
  readonly precision: number | null;
  readonly volumeAMl: number | null;
  readonly volumeBMl: number | null;
  readonly volumeDifferenceMl: number | null;
  readonly volumeDifference: number | null;
  readonly hausdorffMm: number | null;
  readonly medianSurfaceDistanceMm: number | null;
  readonly surfaceDice: number | null;
  readonly fromAToB: DirectedDistances | null;
  readonly fromBToA: DirectedDistances | null;
}

/** `OverallAgreement` with null for what cannot be said. */
export type ShownOverall = { readonly [Key in keyof OverallAgreement]: number | null };

export function shownAgreement(
  rows: readonly CompareRow[],
  { grid, segments }: { readonly grid: ImageGrid; readonly segments: readonly Segment[] },
): ShownAgreement[] {
  const names = new Map(segments.map(({ value, name }) => [value, name]));
  const distances = measuresDistances(grid);
  const voxelMl = grid.regular ? grid.voxelVolumeMm3() / 1000 : undefined;
  const measured = <Value>(value: Value | undefined): Value | null => (distances ? (value ?? null) : null);
  const ml = (voxels: number): number | null => (voxelMl === undefined ? null : voxels * voxelMl);
  return rows.map((row) => ({
    segment: row.segment,
    name: names.get(row.segment) ?? `Label ${row.segment}`,
    dice: row.dice,
    hausdorff95Mm: measured(row.hausdorff95Mm),
    meanSurfaceDistanceMm: measured(row.meanSurfaceDistanceMm),
    voxelsA: row.voxelsA,
    voxelsB: row.voxelsB,
    jaccard: row.jaccard,
    sensitivity: row.sensitivity ?? null,
    precision: row.precision ?? null,
    volumeAMl: ml(row.voxelsA),
    volumeBMl: ml(row.voxelsB),
    volumeDifferenceMl: ml(row.voxelsB - row.voxelsA),
    volumeDifference: row.volumeDifference ?? null,
    hausdorffMm: measured(row.hausdorffMm),
    medianSurfaceDistanceMm: measured(row.medianSurfaceDistanceMm),
    surfaceDice: measured(row.surfaceDice),
    fromAToB: measured(row.fromAToB),
    fromBToA: measured(row.fromBToA),
  }));
}

/** Null where there is nothing to compare. */
export function shownOverall(overall: OverallAgreement | undefined, grid: ImageGrid): ShownOverall | null {
  if (!overall) return null;
  const measured = (value: number | undefined): number | null => (measuresDistances(grid) ? (value ?? null) : null);
  return {
    ...overall,
    sensitivity: overall.sensitivity ?? null,
    precision: overall.precision ?? null,
    volumeDifference: overall.volumeDifference ?? null,
    surfaceDice: measured(overall.surfaceDice),
    hausdorffMm: measured(overall.hausdorffMm),
    meanHausdorff95Mm: measured(overall.meanHausdorff95Mm),
    meanSurfaceDistanceMm: measured(overall.meanSurfaceDistanceMm),
  };
}

/** What of the distances a grid does not allow, one sentence each. */
export function distanceNotes(grid: ImageGrid): string[] {
  if (!grid.regular) return ["The slices lie unevenly: no surface distances are measured."];
  if (grid.sheared) return ["The axes are not at right angles: no surface distances are measured."];
  return [];
}

/** Axes at right angles and even steps: only then does a spacing measure distances. */
function measuresDistances(grid: ImageGrid): boolean {
  return grid.regular && !grid.sheared;
}
