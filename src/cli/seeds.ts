import { VoxelwrightError } from "#base";
import { MAX_LABEL } from "#labelmap";
import { type Dims, ImageGrid, type IndexBox } from "#volume";
import { inTermsOf, type SeedsReport, type SeedsRequest } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { requirePresent } from "./label-change.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { heldImage } from "./series-image.ts";
import { readNumbers, readWhole, requireText } from "./read-arguments.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

/** `voxelwright seeds IN SEEDS -o OUT`. */
export const seeds: Verb = {
  name: "seeds",
  positionals: ["IN", "SEEDS"],
  summary: "Growth from seeds: divide a scan between the labels drawn in SEEDS.",
  details:
    "Each voxel goes to the label from which the cheapest path leads to it: a step costs the difference of values plus WEIGHT for\n" +
    "each millimetre. Prints {changed, milliseconds}: voxels labelled and the time of the growth, reading and writing not counted.",
  options: {
    segments: { type: "string", value: "1,2,…", help: "labels that are seeds (default: all in SEEDS)" },
    region: { type: "string", value: "i0,j0,k0,i1,j1,k1", help: "grow only in this box; upper ends are outside" },
    weight: { type: "string", value: "W", help: "difference of shown values that counts as much as one millimetre" },
    bias: { type: "string", value: "N=V", multiple: true, help: "hold label N back by V; may be given several times" },
    "maximum-cost": { type: "string", value: "V", help: "leave voxels that only costlier paths reach" },
    inside: { type: "string", value: "0,3,…", help: "labels to grow over (default 0, background)" },
    connectivity: { type: "string", value: "6|26", help: "neighbours of a voxel (default 6)" },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const [path, seedsPath] = args.positionals as [string, string];
    const output = requireText(args, "output", "seeds");
    const asked = readRequest(args);
    const format = await labelOutput(output, [path, seedsPath]);
    const series = await chooseSeries(path, args, port);
    const drawn = await chooseSeries(seedsPath, args, port, { ifSeveral: true });
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    const spacingMm = requireMeasurable(grid, description.name);
    if (!grid.matches(new ImageGrid(drawn.description.grid))) {
      throw new VoxelwrightError("argument", "Its voxels are not those of the scan.", {
        subject: seedsPath,
        advice: "Seeds must be drawn on the grid of IN.",
      });
    }
    const labels = await loadLabels(drawn, port);
    requirePresent(asked.segments, labels, drawn.description.name);
    const segments = asked.segments ?? labelsIn(labels).filter((label) => !asked.inside.includes(label));
    requireSeeds(asked.bias, segments);
    const image = await heldImage(series, port);
    const slope = Math.abs(description.rescale.slope);
    const request = storedRequest(asked, slope, spacingMm);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const proposal = await kernels
        .growFromSeeds(image, labels, { ...request, segments }, port)
        .catch((error: unknown) => {
          throw inTermsOf(error, { ...TERMS, slope });
        });
      const milliseconds = performance.now() - start;
      const change = labels.begin({ over: "all" });
      const changed = change.apply(proposal);
      change.commit();
      noteReport(proposal.report, port);
      const input = { name: description.name, grid, labels, segments: segmentsOf(drawn) };
      await writeLabels(output, format, input, port);
      port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

/** What a fault of costs calls the options. */
const TERMS = { weight: "--weight", maximumCost: "--maximum-cost", biasOf: (label: number) => `--bias ${label}` };

/** What was asked for, costs in shown values. */
interface SeedsArguments {
  readonly segments: readonly number[] | undefined;
  readonly inside: readonly number[];
  readonly connectivity: 6 | 26;
  readonly region: IndexBox | undefined;
  readonly weight: number | undefined;
  readonly maximumCost: number | undefined;
  readonly bias: readonly (readonly [label: number, value: number])[];
}

function readRequest(args: Arguments): SeedsArguments {
  const connectivity = Number(args.text("connectivity") ?? 6);
  if (connectivity !== 6 && connectivity !== 26) {
    throw new VoxelwrightError("argument", `--connectivity is 6 or 26, not "${args.text("connectivity")}".`);
  }
  const wholes = (option: string, least: number) =>
    args
      .text(option)
      ?.split(",")
      .map((text) => readWhole(text.trim(), least, MAX_LABEL, `--${option}`));
  const costOf = (option: string) => {
    const text = args.text(option);
    return text === undefined ? undefined : readCost(text, `--${option}`);
  };
  return {
    segments: wholes("segments", 1),
    inside: wholes("inside", 0) ?? [0],
    connectivity,
    region: readRegion(args.text("region")),
    weight: costOf("weight"),
    maximumCost: costOf("maximum-cost"),
    bias: readBias(args.texts("bias")),
  };
}

function readBias(texts: readonly string[]): SeedsArguments["bias"] {
  const bias = new Map<number, number>();
  for (const text of texts) {
    const [label = "", value = "", ...more] = text.split("=");
    if (more.length > 0) throw new VoxelwrightError("argument", `--bias is like 7=30, not "${text}".`);
    const segment = readWhole(label, 1, MAX_LABEL, "--bias N=V");
    if (bias.has(segment)) throw new VoxelwrightError("argument", `--bias is given twice for label ${segment}.`);
    bias.set(segment, readCost(value, "--bias N=V"));
  }
  return [...bias];
}

/** Refuses a bias of a label that is no seed. */
function requireSeeds(bias: SeedsArguments["bias"], segments: readonly number[]): void {
  for (const [label] of bias) {
    if (segments.includes(label)) continue;
    throw new VoxelwrightError("argument", `--bias is given for label ${label}, which is not among the seeds.`, {
      advice: `Seeds: ${segments.slice(0, 20).join(", ")}${segments.length > 20 ? ", …" : ""}.`,
    });
  }
}

function readCost(text: string, option: string): number {
  const [value] = readNumbers(text, 1, option) as [number];
  if (value >= 0) return value;
  throw new VoxelwrightError("argument", `${option} takes a number of 0 or more, not "${text}".`);
}

function readRegion(text: string | undefined): IndexBox | undefined {
  if (text === undefined) return undefined;
  const ends = readNumbers(text, 6, "--region");
  if (!ends.every((end) => Number.isInteger(end) && end >= 0)) {
    throw new VoxelwrightError("argument", `--region takes whole voxel indices of 0 or more, not "${text}".`);
  }
  const [i0, j0, k0, i1, j1, k1] = ends as [number, number, number, number, number, number];
  return { min: [i0, j0, k0], max: [i1, j1, k1] };
}

/** The request in stored values; `slope` is shown values to a stored one. */
function storedRequest(asked: SeedsArguments, slope: number, spacingMm: Dims) {
  const { connectivity, inside, region, weight, maximumCost, bias } = asked;
  return {
    spacingMm,
    connectivity,
    inside,
    bias: Object.fromEntries(bias.map(([label, value]) => [label, value / slope])),
    ...(region ? { region } : {}),
    ...(weight === undefined ? {} : { spatialWeight: weight / slope }),
    ...(maximumCost === undefined ? {} : { maximumCost: maximumCost / slope }),
  } satisfies Partial<SeedsRequest>;
}

/** Labels that a labelmap holds, ascending. */
function labelsIn(labels: {
  brickIndices(): Iterable<number>;
  readBrick(index: number): Uint16Array | undefined;
}): number[] {
  const found = new Set<number>();
  for (const index of labels.brickIndices()) for (const label of labels.readBrick(index) ?? []) found.add(label);
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}

function requireMeasurable(grid: ImageGrid, subject: string): Dims {
  const [x, y, z] = grid.spacingMm;
  if (grid.regular && !grid.sheared) return [x, y, z];
  throw new VoxelwrightError("unsupported", "Its axes are not at right angles or its slices lie unevenly.", {
    subject,
    advice: "Reslice the scan to an even grid first.",
  });
}

function noteReport({ valueStep, unreached }: SeedsReport, port: CliPort): void {
  if (valueStep !== 1) port.note(`Values were compared in steps of ${valueStep} stored values.`);
  if (unreached > 0) port.note(`${unreached} voxels were not reached and keep their label.`);
}
