import { VoxelwrightError } from "#base";
import { Labelmap, MAX_LABEL } from "#labelmap";
import {
  findThresholds,
  ImageGrid,
  type IndexBox,
  rescaleHistogram,
  THRESHOLD_METHODS,
  type ThresholdMethod,
  type VolumeDescription,
} from "#volume";
import type { KernelImage, Kernels } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { jobPart, requirePartOutput } from "./parts.ts";
import { readNumbers, readWhole, requireText } from "./read-arguments.ts";
import { chooseStore, readRegion, REGION_OPTION } from "./region.ts";
import { seriesImage } from "./series-image.ts";
import { storedRange } from "./stored-range.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

/** `voxelwright threshold IN --range lo,hi|--method otsu -o OUT`. */
export const threshold: Verb = {
  name: "threshold",
  positionals: ["IN"],
  summary: "Label the voxels of a range of values, given or found in the histogram.",
  details:
    `Methods: ${THRESHOLD_METHODS.slice(0, 8).join(", ")},\n${THRESHOLD_METHODS.slice(8).join(", ")}.\n` +
    "A method labels what is above its threshold; multi-otsu-3 and -4 give each class above the first a label of its own. Prints\n" +
    "{changed, milliseconds}, with --method also {thresholds} in shown values.",
  options: {
    range: { type: "string", value: "lo,hi", help: "inclusive range of shown values (HU for CT)" },
    method: { type: "string", value: "NAME", help: "find the threshold in the histogram of the scan" },
    label: { type: "string", value: "N", help: "label value to write, the first of several (default 1)" },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    region: REGION_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const { range, method, label } = readRequest(args);
    const region = readRegion(args);
    if (region && method !== undefined) {
      throw new VoxelwrightError(
        "argument",
        "A method finds its threshold in the whole scan, so --region takes --range.",
      );
    }
    const output = requireText(args, "output", "threshold");
    const format = await labelOutput(output, [path]);
    if (region) requirePartOutput(output, format);
    const series = region ? await chooseStore(path, region, args, port) : await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    const image = await seriesImage(series, port);
    const part = region && jobPart(series, region, { threshold: range!, label });
    const labels = new Labelmap(grid.dims);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const found = method && (await classesOf(method, image, description, kernels, port));
      const asked = { ranges: found?.ranges ?? [range!], label, region, finite: found !== undefined };
      const changed = await labelRanges(asked, image, description, kernels, labels, port);
      const milliseconds = Math.round((performance.now() - start) * 1000) / 1000;
      await writeLabels(output, format, { name: description.name, grid, labels, segments: [], part }, port);
      const thresholds = found && { thresholds: found.thresholds };
      port.print(`${JSON.stringify({ changed, milliseconds, ...thresholds })}\n`);
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

type Range = readonly [low: number, high: number];

function readRequest(args: Arguments): { range?: Range; method?: ThresholdMethod; label: number } {
  const label = readWhole(args.text("label") ?? "1", 1, MAX_LABEL, "--label");
  const method = args.text("method");
  const text = args.text("range");
  if ((method === undefined) === (text === undefined)) {
    throw new VoxelwrightError("argument", "threshold takes either --range or --method.");
  }
  if (method !== undefined) {
    if ((THRESHOLD_METHODS as readonly string[]).includes(method)) return { method: method as ThresholdMethod, label };
    throw new VoxelwrightError("argument", `There is no method "${method}".`, {
      advice: `Methods: ${THRESHOLD_METHODS.join(", ")}.`,
    });
  }
  const [low, high] = readNumbers(text!, 2, "--range") as [number, number];
  if (low > high) throw new VoxelwrightError("argument", `--range goes from low to high, not from ${low} to ${high}.`);
  return { range: [low, high], label };
}

/** The classes above the first, as ranges of shown values. Refuses a scan in which the method finds no threshold. */
async function classesOf(
  method: ThresholdMethod,
  image: KernelImage,
  { name, rescale }: VolumeDescription,
  kernels: Kernels,
  port: CliPort,
): Promise<{ readonly thresholds: readonly number[]; readonly ranges: readonly Range[] }> {
  const histogram = rescaleHistogram(await kernels.histogram(image, {}, port), rescale);
  if (histogram.notFinite > 0) port.note(`${name}: ${histogram.notFinite} voxels are no finite numbers; left out.`);
  const { thresholds, starts } = findThresholds(histogram, method);
  if (thresholds.length === 0) {
    throw new VoxelwrightError("unsupported", `The method ${method} finds no threshold in its values.`, {
      subject: name,
      advice: "Try another method, or give a --range.",
    });
  }
  const ranges = starts.map((low, n): Range => [low, thresholds[n + 1] ?? Number.POSITIVE_INFINITY]);
  return { thresholds, ranges };
}

/** What is labelled: ranges of shown values. */
interface LabelledRanges {
  readonly ranges: readonly Range[];
  /** Of the first range; those after it count on. */
  readonly label: number;
  readonly region: IndexBox | undefined;
  /** Infinite voxels are left out. */
  readonly finite: boolean;
}

async function labelRanges(
  { ranges, label, region, finite }: LabelledRanges,
  image: KernelImage,
  description: VolumeDescription,
  kernels: Kernels,
  labels: Labelmap,
  port: CliPort,
): Promise<number> {
  let changed = 0;
  for (const [n, [low, high]] of ranges.entries()) {
    const stored = storedRange(description, low, high);
    if (!stored) continue;
    const range = finite ? finiteRange(stored) : stored;
    const request = { range, segment: label + n, ...(region ? { region } : {}) };
    const proposal = await kernels.threshold(image, request, port);
    const transaction = labels.begin({ over: "all" });
    transaction.apply(proposal);
    transaction.commit();
    changed += transaction.changedVoxels;
  }
  return changed;
}

/** The finite values of a range. */
function finiteRange({ low, high }: { readonly low: number; readonly high: number }) {
  return { low: Math.max(low, -Number.MAX_VALUE), high: Math.min(high, Number.MAX_VALUE) };
}
