import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, Verb } from "./verb.ts";

/** `voxelwright fill LABELS [--image IN] [--method shape|image] -o OUT`. */
export const fill: Verb = {
  name: "fill",
  positionals: ["LABELS"],
  summary: "Fill between annotated slices of a labelmap.",
  details: "Prints {changed, milliseconds}. Voxels that have a label keep it.",
  options: {
    image: { type: "string", value: "IN", help: "the scan, for --method image" },
    method: { type: "string", value: "shape|image", help: "how to fill (default shape)" },
    series: SERIES_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: ".seg.nrrd, .nii.gz, .nii, .nrrd or .mha" },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    requireShape(args);
    const output = requireText(args, "output", "fill");
    const format = await labelOutput(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    requireEven(grid, description.name);
    const labels = await loadLabels(series, port);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const proposal = await kernels.fill(labels, { spacingMm: grid.spacingMm, method: "shape" }, port);
      const milliseconds = performance.now() - start;
      const change = labels.begin({ over: "empty" });
      const changed = change.apply(proposal);
      change.commit();
      const input = { name: description.name, grid, labels, segments: segmentsOf(series) };
      await writeLabels(output, format, input, port);
      port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

function requireShape(args: Arguments): void {
  const method = args.text("method") ?? "shape";
  if (method === "shape") return;
  if (method === "image") {
    throw new VoxelwrightError("unsupported", "Filling by the image is not available yet.", {
      advice: "Use --method shape.",
    });
  }
  throw new VoxelwrightError("argument", `--method is shape or image, not "${method}".`);
}

/** Distances of an uneven stack are not those of a voxel size. */
function requireEven(grid: ImageGrid, name: string): void {
  if (grid.regular) return;
  throw new VoxelwrightError("unsupported", "The slices lie unevenly, and filling measures in evenly spaced ones.", {
    subject: name,
    advice: "Reslice the scan to even spacing first.",
  });
}
