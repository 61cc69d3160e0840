import type { AccuracyCase, Agreement, StructureScore } from "./accuracy.ts";

/** Means over the structures of a case; distances over those that were found. */
export interface CaseMeans extends Agreement {
  readonly structures: number;
  /** Structures of which nothing was found, whose distances are in no mean. */
  readonly missing: number;
}

export function meansOf(
  { scores }: Pick<AccuracyCase, "scores">,
  of: (score: StructureScore) => Agreement = (score) => score,
): CaseMeans {
  const rows = scores.map(of);
  const found = rows.filter((row) => row.hd95Mm !== undefined);
  return {
    structures: rows.length,
    missing: rows.length - found.length,
    dice: mean(rows.map((row) => row.dice)),
    ...(found.length === 0
      ? {}
      : {
          hd95Mm: mean(found.map((row) => row.hd95Mm!)),
          meanSurfaceMm: mean(found.map((row) => row.meanSurfaceMm!)),
        }),
  };
}

/** NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
