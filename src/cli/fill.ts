import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { FILL_OPTIONS, fillRequest } from "./fill-arguments.ts";
import { requirePresent, requireSpacing } from "./label-change.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright fill LABELS [--axis i|j|k] [--slices N,N,…] [--plane PLANE ...] [--label N ...] -o OUT`. */
export const fill: Verb = {
  name: "fill",
  positionals: ["LABELS"],
  summary: "Fill between annotated slices or planes of a labelmap.",
  details:
    "Prints {changed, milliseconds}. Voxels that have a label keep it. Annotated slices are found where they stand alone; name them\n" +
    "with --axis and --slices where a label ends on one, and with --plane where they run in several directions.",
  options: {
    ...FILL_OPTIONS,
    series: SERIES_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: ".seg.nrrd, .nii.gz, .nii, .nrrd or .mha" },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    fillRequest(args, [1, 1, 1]);
    const output = requireText(args, "output", "fill");
    const format = await labelOutput(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    const request = fillRequest(args, requireSpacing(grid, description.name));
    const labels = await loadLabels(series, port);
    requirePresent(request.segments, labels, description.name);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const proposal = await kernels.fill(labels, request, port);
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
