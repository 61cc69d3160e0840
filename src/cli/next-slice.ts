import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { FILL_OPTIONS, fillRequest, readAxis, readMethod, requireMet } from "./fill-arguments.ts";
import { imageOfFill } from "./fill-image.ts";
import { requirePresent, requireSpacing } from "./label-change.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright next-slice LABELS [--across i|j|k ...]` and the options of `fill`. */
export const nextSlice: Verb = {
  name: "next-slice",
  positionals: ["LABELS"],
  summary: "The slice whose annotation would put most of a fill right.",
  details:
    "Prints {axis, index, voxels, ml, wrongVoxels}: voxels expected to be put right, and to be wrong in the whole fill. Takes what\n" +
    "`fill` takes to say what is annotated.",
  options: {
    ...FILL_OPTIONS,
    across: {
      type: "string",
      value: "i|j|k",
      multiple: true,
      help: "axis across which the slice may lie; may be given several times (default: that of a stack, or all)",
    },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const across = args.texts("across").map((text) => readAxis(text, "--across"));
    const method = readMethod(args);
    fillRequest(args, [1, 1, 1], method);
    const series = await chooseSeries(path, args, port);
    const { name } = series.description;
    const grid = new ImageGrid(series.description.grid);
    const request = fillRequest(args, requireSpacing(grid, name), method);
    const labels = await loadLabels(series, port);
    requirePresent(request.segments, labels, name);
    requireMet(request, grid.dims, name);
    const image = await imageOfFill(args, method, grid, port);
    const kernels = await port.kernels();
    try {
      const { axis, ...found } = await kernels.nextSlice(
        labels,
        { ...request, ...image },
        across.length > 0 ? across : undefined,
        port,
      );
      port.print(printedJson({ axis: ["i", "j", "k"][axis], ...found }));
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};
