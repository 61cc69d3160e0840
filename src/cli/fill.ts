import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { FILL_OPTIONS, fillRequest, readMethod, requireMet } from "./fill-arguments.ts";
import { imageOfFill } from "./fill-image.ts";
import { requirePresent, requireSpacing } from "./label-change.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright fill LABELS [--axis i|j|k] [--slices N,N,…] [--plane PLANE ...] [--label N ...] [--method image --image SCAN] -o OUT`. */
export const fill: Verb = {
  name: "fill",
  positionals: ["LABELS"],
  summary: "Fill between annotated slices or planes of a labelmap.",
  details:
    "Prints {changed, milliseconds}, and for --method image whether the scan moved borders. Voxels that have a label keep it. Annotated slices are found where they stand alone; name them\n" +
    "with --axis and --slices where a label ends on one, and with --plane where they run in several directions.",
  options: {
    ...FILL_OPTIONS,
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const method = readMethod(args);
    fillRequest(args, [1, 1, 1], method);
    const output = requireText(args, "output", "fill");
    const format = await labelOutput(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    const request = fillRequest(args, requireSpacing(grid, description.name), method);
    const labels = await loadLabels(series, port);
    requirePresent(request.segments, labels, description.name);
    requireMet(request, grid.dims, description.name);
    const image = await imageOfFill(args, method, grid, port);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const proposal = await kernels.fill(labels, { ...request, ...image }, port);
      const milliseconds = performance.now() - start;
      const change = labels.begin({ over: "empty" });
      const changed = change.apply(proposal);
      change.commit();
      const input = { name: description.name, grid, labels, segments: segmentsOf(series) };
      await writeLabels(output, format, input, port);
      if (proposal.note) port.note(proposal.note);
      const used = proposal.image ? { imageUsed: proposal.image.used } : {};
      port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000, ...used })}\n`);
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};
