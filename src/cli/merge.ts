import { VoxelwrightError } from "#base";
import { mergeLabels } from "./merge-labels.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

const KINDS: Readonly<Record<string, (paths: readonly string[], args: Arguments, port: CliPort) => Promise<void>>> = {
  labels: mergeLabels,
};

/** `voxelwright merge labels PART … -o WHOLE.zarr`. */
export const merge: Verb = {
  name: "merge",
  positionals: ["KIND", "PART"],
  more: "PART …",
  summary: "Put the parts of a job together that runs with --region gave.",
  details: "",
  options: {
    output: { type: "string", short: "o", value: "OUT", help: "the merged part or whole" },
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
