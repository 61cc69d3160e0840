import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import { Labelmap, type Segment } from "#labelmap";
import type { Consensus, ConsensusMethod } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { LABEL_ENDINGS, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import { requireText } from "./read-arguments.ts";
import { requireSameGrid } from "./same-grid.ts";
import { segmentsOf } from "./segments-of.ts";
import type { Arguments, Verb } from "./verb.ts";

const METHODS: readonly ConsensusMethod[] = ["majority", "staple", "staple-binary"];

/** `voxelwright consensus A B C … --method majority|staple -o OUT`. */
export const consensus: Verb = {
  name: "consensus",
  positionals: ["A", "B"],
  more: "C…",
  summary: "One labelmap from several of one grid, and how each does against it, as JSON.",
  details:
    "Prints {method, voxels, undecided, iterations, raters}; raters are [{file, labels: [{label, sensitivity, specificity}]}]. majority\n" +
    "takes the label that most have; staple is multi-label STAPLE (Rohlfing, Russakoff and Maurer 2004), staple-binary STAPLE (Warfield,\n" +
    "Zou and Wells 2004) for each label alone. Voxels without a decision, such as in a tie of votes, are background and counted as\n" +
    "undecided.",
  options: {
    method: { type: "string", value: METHODS.join("|"), help: "how to decide (default staple)" },
    confusion: {
      type: "boolean",
      help: "print the confusion matrices of staple too: entries {decided, truth, probability}",
    },
    series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" },
    "spacing-mm": SPACING_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const paths = args.positionals;
    const method = readMethod(args);
    const output = requireText(args, "output", "consensus");
    const format = await labelOutput(output, paths);
    const chosen = [];
    for (const path of paths) {
      const series = await chooseSeries(path, args, port, { ifSeveral: true });
      if (chosen[0]) {
        const first = new ImageGrid(chosen[0].description.grid);
        requireSameGrid(first, new ImageGrid(series.description.grid), path, "brought together");
      }
      chosen.push(series);
    }
    const [first] = chosen;
    const grid = new ImageGrid(first!.description.grid);
    const maps: Labelmap[] = [];
    for (const series of chosen) maps.push(await loadLabels(series, port));
    const kernels = await port.kernels();
    try {
      const found = await kernels.consensus(maps, { method }, port);
      const labels = new Labelmap(grid.dims);
      const change = labels.begin({ over: "all" });
      change.apply(found.proposal);
      change.commit();
      const segments = namedSegments(chosen.flatMap(segmentsOf));
      await writeLabels(output, format, { name: first!.description.name, grid, labels, segments }, port);
      port.print(printedJson(printed(found, method, paths, args.has("confusion"))));
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

function printed(found: Consensus, method: ConsensusMethod, paths: readonly string[], confusion: boolean): object {
  const { proposal, undecided, iterations, raters } = found;
  return {
    method,
    voxels: proposal.voxels,
    undecided,
    iterations,
    raters: raters.map((rater, n) => ({
      file: paths[n],
      labels: rater.labels.map(({ label, sensitivity, specificity }) => ({
        label,
        sensitivity: sensitivity ?? null,
        specificity: specificity ?? null,
      })),
      ...(confusion && rater.confusion ? { confusion: rater.confusion } : {}),
    })),
  };
}

/** Each value once, as the first file that names it has it. */
function namedSegments(segments: readonly Segment[]): Segment[] {
  return [...new Map(segments.toReversed().map((segment) => [segment.value, segment])).values()].toSorted(
    (a, b) => a.value - b.value,
  );
}

function readMethod(args: Arguments): ConsensusMethod {
  const method = args.text("method") ?? "staple";
  const known = METHODS.find((name) => name === method);
  if (known) return known;
  throw new VoxelwrightError("argument", `--method is ${METHODS.join(", ")}, not "${method}".`);
}
