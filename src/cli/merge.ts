import { VoxelwrightError } from "#base";
import { mergeGrowth } from "./merge-growth.ts";
import { mergeLabels } from "./merge-labels.ts";
import { mergeStatistics } from "./merge-statistics.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

const KINDS: Readonly<Record<string, (paths: readonly string[], args: Arguments, port: CliPort) => Promise<void>>> = {
  labels: mergeLabels,
  statistics: mergeStatistics,
  growth: mergeGrowth,
};

/** `voxelwright merge labels PART … -o WHOLE.zarr`. */
export const merge: Verb = {
  name: "merge",
  positionals: ["KIND", "PART"],
  more: "PART …",
  summary: "Put the parts of a job together that runs with --region gave.",
  details:
    "merge labels PART.zarr … -o WHOLE.zarr: the same labels as one run over the volume, in the same files.\n" +
    "merge statistics PART.json …: the rows that statistics prints, to the last digit, without shape; for scans of 32-bit values without\n" +
    "mean, sd and percentiles too.\n" +
    "merge growth PART.zarr … -o WHOLE.zarr: the voxels of one growth by a range; all parts at once.\n" +
    "Parts must be of one job, of whole bricks and without overlap. Labels and statistics that do not cover the volume merge into a larger part,\n" +
    "so merging can itself be spread over machines.",
  options: {
    output: { type: "string", short: "o", value: "OUT", help: "the merged whole or larger part" },
    csv: { type: "string", value: "FILE", help: "of statistics: write the rows as CSV too" },
  },
  async run(args, port) {
    const [kind, ...paths] = args.positionals as [string, ...string[]];
    const run = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (!run) {
      throw new VoxelwrightError("argument", `There are no parts of the kind "${kind}".`, {
        advice: `Kinds: ${Object.keys(KINDS).join(", ")}.`,
      });
    }
    await run(paths, args, port);
    return 0;
  },
};
