import { type CsvColumn, csvFile } from "./csv.ts";
import type { ExportFile } from "./export-file.ts";
import type { ShownAgreement } from "./shown-agreement.ts";

const COLUMNS: readonly CsvColumn<ShownAgreement>[] = [
  { header: "segment", of: (row) => row.segment },
  { header: "name", of: (row) => row.name },
  { header: "dice", of: (row) => row.dice },
  { header: "jaccard", of: (row) => row.jaccard },
  { header: "sensitivity", of: (row) => row.sensitivity },
  { header: "precision", of: (row) => row.precision },
  { header: "voxels_a", of: (row) => row.voxelsA },
  { header: "voxels_b", of: (row) => row.voxelsB },
  { header: "volume_a_ml", of: (row) => row.volumeAMl },
  { header: "volume_b_ml", of: (row) => row.volumeBMl },
  { header: "volume_difference", of: (row) => row.volumeDifference },
  { header: "hausdorff_95_mm", of: (row) => row.hausdorff95Mm },
  { header: "hausdorff_mm", of: (row) => row.hausdorffMm },
  { header: "mean_surface_distance_mm", of: (row) => row.meanSurfaceDistanceMm },
  { header: "median_surface_distance_mm", of: (row) => row.medianSurfaceDistanceMm },
  { header: "surface_dice", of: (row) => row.surfaceDice },
];

/** Agreement of two labelmaps as CSV, a line for each segment. */
export function agreementCsv(rows: readonly ShownAgreement[], notes: readonly string[] = []): ExportFile {
  return csvFile(COLUMNS, rows, notes);
}
