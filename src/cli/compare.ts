import { VoxelwrightError } from "#base";
import { distanceNotes, shownAgreement, shownOverall } from "#export";
import { ImageGrid } from "#volume";
import { overallAgreement } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import { readNumbers } from "./read-arguments.ts";
import { requireSameGrid } from "./same-grid.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, Verb } from "./verb.ts";

/** `voxelwright compare A B`. */
export const compare: Verb = {
  name: "compare",
  positionals: ["A", "B"],
  summary: "How far two labelmaps of one grid agree, per label, as JSON.",
  details:
    "Rows {label, dice, hausdorff95Mm, meanSurfaceDistanceMm, voxelsA, voxelsB, name, jaccard, sensitivity, precision, volumeAMl,\n" +
    "volumeBMl, volumeDifferenceMl, volumeDifference, hausdorffMm, medianSurfaceDistanceMm, surfaceDice, fromAToB, fromBToA}. Where one\n" +
    "is known to be right, it is A. Distances go from the centre of each surface voxel to the nearest of the other labelmap, both ways\n" +
    "pooled but in fromAToB and fromBToA {meanMm, hausdorff95Mm, hausdorffMm}; hausdorff95Mm is their 95th percentile. surfaceDice is\n" +
    "the share of surface voxels of both within the tolerance. What is measured along surfaces is null where a label is in one labelmap\n" +
    "only, and on grids whose axes are not at right angles or whose slices lie unevenly. Without any label there are no rows, and --overall\n" +
    "prints null.",
  options: {
    series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" },
    "spacing-mm": SPACING_OPTION,
    tolerance: { type: "string", value: "MM", help: "how far surfaces may lie apart for surfaceDice (default 1)" },
    overall: { type: "boolean", help: "print one row over all labels together in place of a row for each" },
  },
  async run(args, port) {
    const [pathA, pathB] = args.positionals as [string, string];
    const toleranceMm = readTolerance(args);
    const a = await chooseSeries(pathA, args, port, { ifSeveral: true });
    const b = await chooseSeries(pathB, args, port, { ifSeveral: true });
    const grid = new ImageGrid(a.description.grid);
    requireSameGrid(grid, new ImageGrid(b.description.grid), pathB, "compared");
    for (const note of distanceNotes(grid)) port.note(`${a.description.name}: ${note}`);
    const [x, y, z] = grid.spacingMm;
    const kernels = await port.kernels();
    try {
      const labelsA = await loadLabels(a, port);
      const options = { ...(port.signal ? { signal: port.signal } : {}), toleranceMm };
      const rows = await kernels.compare(labelsA, await loadLabels(b, port), [x, y, z], options);
      if (rows.length === 0) port.note("Both labelmaps are empty: there is nothing to compare.");
      const printed = args.has("overall")
        ? shownOverall(overallAgreement(rows), grid)
        : shownAgreement(rows, { grid, segments: [...segmentsOf(b), ...segmentsOf(a)] }).map(
            ({ segment, name, ...row }) => ({ label: segment, ...row, name }),
          );
      port.print(printedJson(printed));
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
