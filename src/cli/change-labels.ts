import { type AbortOptions, VoxelwrightError } from "#base";
import { type EditRules, type Labelmap, MAX_LABEL, type Proposal } from "#labelmap";
import { ImageGrid } from "#volume";
import type { Kernels } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { requirePresent } from "./label-change.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { readWhole, requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, CliPort, OptionSpec } from "./verb.ts";

/** Options of every verb that changes a labelmap by its components. */
export const CHANGE_OPTIONS: Readonly<
  Record<"segment" | "connectivity" | "series" | "spacing-mm" | "output", OptionSpec>
> = {
  segment: {
    type: "string",
    value: "N",
    multiple: true,
    help: "label value that is meant; may be given several times (default all)",
  },
  connectivity: { type: "string", value: "6|18|26", help: "neighbours by which a label hangs together" },
  series: SERIES_OPTION,
  "spacing-mm": SPACING_OPTION,
  output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
};

/** What a verb does with the labels it was given: a proposal, and what it prints beside the voxels changed. */
export interface LabelChange {
  readonly proposal: Proposal;
  readonly printed?: object;
}

/** Reads LABELS, changes them and writes OUT; prints {changed, milliseconds} and what `change` adds. */
export async function changeLabels(
  verb: string,
  args: Arguments,
  port: CliPort,
  over: EditRules["over"],
  change: (labels: Labelmap, kernels: Kernels, grid: ImageGrid, options: AbortOptions) => Promise<LabelChange>,
): Promise<void> {
  const [path] = args.positionals as [string];
  const output = requireText(args, "output", verb);
  const format = await labelOutput(output, [path]);
  const series = await chooseSeries(path, args, port);
  const grid = new ImageGrid(series.description.grid);
  const labels = await loadLabels(series, port);
  const { segments } = readSegments(args);
  if (segments) requirePresent(segments, labels, series.description.name);
  const kernels = await port.kernels();
  try {
    const start = performance.now();
    const { proposal, printed } = await change(labels, kernels, grid, port);
    const milliseconds = performance.now() - start;
    const transaction = labels.begin({ over });
    transaction.apply(proposal);
    transaction.commit();
    const { name } = series.description;
    await writeLabels(output, format, { name, grid, labels, segments: segmentsOf(series) }, port);
    const result = {
      changed: transaction.changedVoxels,
      milliseconds: Math.round(milliseconds * 1000) / 1000,
      ...printed,
    };
    port.print(`${JSON.stringify(result)}\n`);
  } finally {
    kernels.dispose();
  }
}

/** The segments given by --segment; undefined for all. */
export function readSegments(args: Arguments): { readonly segments?: readonly number[] } {
  const texts = args.texts("segment");
  return texts.length === 0 ? {} : { segments: texts.map((text) => readWhole(text, 1, MAX_LABEL, "--segment")) };
}

/** 6, 18 or 26. */
export function readConnectivity(args: Arguments, otherwise: 6 | 26): 6 | 18 | 26 {
  const text = args.text("connectivity") ?? String(otherwise);
  if (text === "6" || text === "18" || text === "26") return Number(text) as 6 | 18 | 26;
  throw new VoxelwrightError("argument", `--connectivity is 6, 18 or 26, not "${text}".`);
}

/** A volume above 0 in voxels, not rounded; undefined where the option is not given. */
export function readMl(args: Arguments, option: string, grid: ImageGrid): number | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  const ml = Number(text);
  if (!(ml > 0 && Number.isFinite(ml))) {
    throw new VoxelwrightError("argument", `--${option} takes millilitres above 0, not "${text}".`);
  }
  if (grid.regular) return (ml * 1000) / grid.voxelVolumeMm3();
  throw new VoxelwrightError("unsupported", "The slices lie unevenly, so voxels differ in volume.", {
    advice: "Give a number of voxels, or reslice the scan to even spacing first.",
  });
}
