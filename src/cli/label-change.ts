import { VoxelwrightError } from "#base";
import { presentLabels } from "#export";
import { type EditRules, type Labelmap, MAX_LABEL } from "#labelmap";
import { ImageGrid } from "#volume";
import type { Kernels, LabelProposal, SpacingMm } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { readWhole, requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, CliPort, OptionSpec } from "./verb.ts";

/** Options of the verbs that change labels by lengths. */
export const CHANGE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  label: {
    type: "string",
    value: "N",
    multiple: true,
    help: "label to change; may be given several times (default all)",
  },
  over: {
    type: "string",
    value: "empty|all",
    help: "whether labels that are not chosen may be painted over (default empty)",
  },
  series: SERIES_OPTION,
  "spacing-mm": SPACING_OPTION,
  output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
};

/** What a kernel is asked about, and the labels chosen. */
export interface ChosenLabels {
  readonly labels: Labelmap;
  readonly spacingMm: SpacingMm;
  /** Absent for all. */
  readonly segments?: readonly number[];
}

/** Reads LABELS, has a kernel propose a change, applies it and writes OUT; prints {changed, milliseconds}. */
export async function changeLabels(
  args: Arguments,
  port: CliPort,
  verb: string,
  propose: (kernels: Kernels, chosen: ChosenLabels) => Promise<LabelProposal>,
): Promise<number> {
  const [path] = args.positionals as [string];
  const over = readRule(args);
  const wanted = readLabels(args);
  const output = requireText(args, "output", verb);
  const format = await labelOutput(output, [path]);
  const series = await chooseSeries(path, args, port);
  const grid = new ImageGrid(series.description.grid);
  const { name } = series.description;
  const spacingMm = requireSpacing(grid, name);
  const labels = await loadLabels(series, port);
  requirePresent(wanted, labels, name);
  const kernels = await port.kernels();
  try {
    const start = performance.now();
    const proposal = await propose(kernels, { labels, spacingMm, ...(wanted ? { segments: wanted } : {}) });
    const milliseconds = performance.now() - start;
    const change = labels.begin({ over });
    const changed = change.apply(proposal);
    change.commit();
    await writeLabels(output, format, { name, grid, labels, segments: segmentsOf(series) }, port);
    port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
    return 0;
  } finally {
    kernels.dispose();
  }
}

/** The values of --label; undefined where none is given. */
export function readLabels(args: Arguments): readonly number[] | undefined {
  const texts = args.texts("label");
  return texts.length === 0 ? undefined : texts.map((text) => readWhole(text, 1, MAX_LABEL, "--label"));
}

/** Refuses labels that the file does not hold. */
export function requirePresent(wanted: readonly number[] | undefined, labels: Labelmap, name: string): void {
  const present = presentLabels(labels.dims, labels);
  const missing = wanted?.find((label) => !present.includes(label));
  if (missing === undefined && present.length > 0) return;
  const message = missing === undefined ? "It holds no labels." : `It holds no label ${missing}.`;
  const advice = `Its labels: ${present.slice(0, 20).join(", ")}${present.length > 20 ? ", …" : ""}.`;
  throw new VoxelwrightError("not-found", message, { subject: name, ...(present.length > 0 ? { advice } : {}) });
}

/** Voxel size of a grid on which lengths can be measured along the axes. */
export function requireSpacing(grid: ImageGrid, name: string): SpacingMm {
  const { regular, sheared, spacingMm } = grid;
  if (regular && !sheared) return [spacingMm[0], spacingMm[1], spacingMm[2]];
  const what = regular ? "Its axes are not at right angles" : "Its slices lie unevenly";
  throw new VoxelwrightError("unsupported", `${what}, and this measures in millimetres along them.`, {
    subject: name,
    advice: "Reslice the scan to an even grid first.",
  });
}

function readRule(args: Arguments): EditRules["over"] {
  const rule = args.text("over") ?? "empty";
  if (rule === "empty" || rule === "all") return rule;
  throw new VoxelwrightError("argument", `--over is empty or all, not "${rule}".`);
}
