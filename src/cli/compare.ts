import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { labelAgreement } from "./label-agreement.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright compare A B`. */
export const compare: Verb = {
  name: "compare",
  positionals: ["A", "B"],
  summary: "How far two labelmaps of one grid agree, per label, as JSON.",
  details:
    "Rows {label, dice, hausdorff95Mm, meanSurfaceDistanceMm, voxelsA, voxelsB}. Distances are between centres of surface voxels;\n" +
    "hausdorff95Mm is the larger of the two directed 95th percentiles; null where one labelmap lacks the label.",
  options: { series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" } },
  async run(args, port) {
    const [pathA, pathB] = args.positionals as [string, string];
    const a = await chooseSeries(pathA, args, port, true);
    const b = await chooseSeries(pathB, args, port, true);
    const gridA = new ImageGrid(a.description.grid);
    const gridB = new ImageGrid(b.description.grid);
    requireSameGrid(gridA, gridB, pathB);
    const rows = labelAgreement(gridA, await loadLabels(a, port), await loadLabels(b, port));
    port.print(printedJson(rows));
    return 0;
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
