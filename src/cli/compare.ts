import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright compare A B`. */
export const compare: Verb = {
  name: "compare",
  positionals: ["A", "B"],
  summary: "How far two labelmaps of one grid agree, per label, as JSON.",
  details:
    "Rows {label, dice, hausdorff95Mm, meanSurfaceDistanceMm, voxelsA, voxelsB}. Distances go from the centre of each surface voxel\n" +
    "to the nearest of the other labelmap, both ways pooled; hausdorff95Mm is their 95th percentile. They are null where a label is\n" +
    "in one labelmap only, and on grids whose axes are not at right angles.",
  options: { series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" } },
  async run(args, port) {
    const [pathA, pathB] = args.positionals as [string, string];
    const a = await chooseSeries(pathA, args, port, true);
    const b = await chooseSeries(pathB, args, port, true);
    const grid = new ImageGrid(a.description.grid);
    requireSameGrid(grid, new ImageGrid(b.description.grid), pathB);
    const [x, y, z] = grid.spacingMm;
    // Axes at right angles and even steps: only then does a spacing measure distances.
    const measurable = grid.regular && !grid.sheared;
    if (!measurable)
      port.note(`${a.description.name}: its axes are not at right angles or its slices uneven; no distances.`);
    const kernels = await port.kernels();
    try {
      const labelsA = await loadLabels(a, port);
      const found = await kernels.compare(labelsA, await loadLabels(b, port), [x, y, z], port);
      const rows = found.map(({ segment, dice, hausdorff95Mm, meanSurfaceDistanceMm, voxelsA, voxelsB }) => ({
        label: segment,
        dice,
        hausdorff95Mm: measurable ? (hausdorff95Mm ?? null) : null,
        meanSurfaceDistanceMm: measurable ? (meanSurfaceDistanceMm ?? null) : null,
        voxelsA,
        voxelsB,
      }));
      port.print(printedJson(rows));
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

function requireSameGrid(a: ImageGrid, b: ImageGrid, subject: string): void {
  if (a.matches(b)) return;
  const sameDims = a.dims.every((n, axis) => n === b.dims[axis]);
  const message = sameDims
    ? "Its voxels lie elsewhere than those of the first labelmap (more than 0.01 mm at a corner)."
    : `It has ${b.dims.join("×")} voxels and the first labelmap ${a.dims.join("×")}.`;
  throw new VoxelwrightError("argument", message, { subject, advice: "Only labelmaps of one grid can be compared." });
}
