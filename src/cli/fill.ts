import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import type { FillRequest, KernelImage } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { FILL_OPTIONS, fillRequest, readMethod, requireMet } from "./fill-arguments.ts";
import { requirePresent, requireSpacing } from "./label-change.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { MemoryBricks } from "./memory-bricks.ts";
import { requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

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
    image: { type: "string", value: "SCAN", help: "scan of the labels' grid that --method image looks at" },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const method = methodOf(args);
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
    const image = method === "image" ? { image: await readImage(args, grid, port) } : {};
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

function methodOf(args: Arguments): FillRequest["method"] {
  const method = readMethod(args);
  if ((method === "image") === (args.text("image") !== undefined)) return method;
  throw new VoxelwrightError("argument", "--method image and --image SCAN go together.", {
    advice: method === "image" ? "Name the scan with --image." : "Add --method image.",
  });
}

async function readImage(args: Arguments, grid: ImageGrid, port: CliPort): Promise<KernelImage> {
  const series = await chooseSeries(requireText(args, "image", "fill"), args, port, { ifSeveral: true });
  const { description } = series;
  if (!grid.matches(new ImageGrid(description.grid))) {
    throw new VoxelwrightError("argument", "Its voxels are not those of the labels.", {
      subject: description.name,
      advice: "The scan must lie on the grid of LABELS.",
    });
  }
  if (description.frames > 1) port.note(`${description.name} has ${description.frames} frames; the first is used.`);
  const bricks = await MemoryBricks.read(await series.open(port), port);
  return { dims: grid.dims, voxelType: description.voxelType, frame: 0, bricks };
}
