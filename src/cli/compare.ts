import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import { type CompareRow, overallAgreement, type OverallAgreement } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import { readNumbers } from "./read-arguments.ts";
import { requireSameGrid } from "./same-grid.ts";
import type { Arguments, Verb } from "./verb.ts";

/** `voxelwright compare A B`. */
export const compare: Verb = {
  name: "compare",
  positionals: ["A", "B"],
  summary: "How far two labelmaps of one grid agree, per label, as JSON.",
  details:
    "Rows {label, dice, hausdorff95Mm, meanSurfaceDistanceMm, voxelsA, voxelsB, jaccard, sensitivity, precision, volumeAMl, volumeBMl,\n" +
    "volumeDifferenceMl, volumeDifference, hausdorffMm, medianSurfaceDistanceMm, surfaceDice, fromAToB, fromBToA}. Where one is known to\n" +
    "be right, it is A. Distances go from the centre of each surface voxel to the nearest of the other labelmap, both ways pooled but in\n" +
    "fromAToB and fromBToA {meanMm, hausdorff95Mm, hausdorffMm}; hausdorff95Mm is their 95th percentile. surfaceDice is the share of\n" +
    "surface voxels of both within the tolerance. What is measured in millimetres along the surfaces is null where a label is in one\n" +
    "labelmap only, and on grids whose axes are not at right angles or whose slices lie unevenly.",
  options: {
    series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" },
    tolerance: { type: "string", value: "MM", help: "how far surfaces may lie apart for surfaceDice (default 1)" },
    overall: { type: "boolean", help: "print one row over all labels together in place of a row for each" },
  },
  async run(args, port) {
    const [pathA, pathB] = args.positionals as [string, string];
    const toleranceMm = readTolerance(args);
    const a = await chooseSeries(pathA, args, port, true);
    const b = await chooseSeries(pathB, args, port, true);
    const grid = new ImageGrid(a.description.grid);
    requireSameGrid(grid, new ImageGrid(b.description.grid), pathB, "compared");
    const [x, y, z] = grid.spacingMm;
    // Axes at right angles and even steps: only then does a spacing measure distances.
    const measurable = grid.regular && !grid.sheared;
    if (!measurable)
      port.note(`${a.description.name}: its axes are not at right angles or its slices uneven; no distances.`);
    const kernels = await port.kernels();
    try {
      const labelsA = await loadLabels(a, port);
      const options = { ...(port.signal ? { signal: port.signal } : {}), toleranceMm };
      const rows = await kernels.compare(labelsA, await loadLabels(b, port), [x, y, z], options);
      const voxelMl = grid.regular ? grid.voxelVolumeMm3() / 1000 : undefined;
      const overall = args.has("overall");
      port.print(
        printedJson(
          overall
            ? printedOverall(overallAgreement(rows), measurable)
            : rows.map((row) => printedRow(row, measurable, voxelMl)),
        ),
      );
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

function readTolerance(args: Arguments): number {
  const [tolerance] = readNumbers(args.text("tolerance") ?? "1", 1, "--tolerance");
  if (tolerance! >= 0) return tolerance!;
  throw new VoxelwrightError("argument", `--tolerance is 0 mm or more, not ${tolerance}.`);
}

function printedRow(row: CompareRow, measurable: boolean, voxelMl: number | undefined): object {
  const known = (value: number | undefined): number | null => value ?? null;
  const measured = <Value>(value: Value | undefined): Value | null => (measurable ? (value ?? null) : null);
  const ml = (voxels: number): number | null => (voxelMl === undefined ? null : voxels * voxelMl);
  return {
    label: row.segment,
    dice: row.dice,
    hausdorff95Mm: measured(row.hausdorff95Mm),
    meanSurfaceDistanceMm: measured(row.meanSurfaceDistanceMm),
    voxelsA: row.voxelsA,
    voxelsB: row.voxelsB,
    jaccard: row.jaccard,
    sensitivity: known(row.sensitivity),
    precision: known(row.precision),
    volumeAMl: ml(row.voxelsA),
    volumeBMl: ml(row.voxelsB),
    volumeDifferenceMl: ml(row.voxelsB - row.voxelsA),
    volumeDifference: known(row.volumeDifference),
    hausdorffMm: measured(row.hausdorffMm),
    medianSurfaceDistanceMm: measured(row.medianSurfaceDistanceMm),
    surfaceDice: measured(row.surfaceDice),
    fromAToB: measured(row.fromAToB),
    fromBToA: measured(row.fromBToA),
  };
}

function printedOverall(overall: OverallAgreement | undefined, measurable: boolean): object | null {
  if (!overall) return null;
  const { surfaceDice, hausdorffMm, meanHausdorff95Mm, meanSurfaceDistanceMm, ...counted } = overall;
  const measured = (value: number | undefined): number | null => (measurable ? (value ?? null) : null);
  return {
    ...counted,
    sensitivity: counted.sensitivity ?? null,
    precision: counted.precision ?? null,
    volumeDifference: counted.volumeDifference ?? null,
    surfaceDice: measured(surfaceDice),
    hausdorffMm: measured(hausdorffMm),
    meanHausdorff95Mm: measured(meanHausdorff95Mm),
    meanSurfaceDistanceMm: measured(meanSurfaceDistanceMm),
  };
}
