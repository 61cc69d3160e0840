import { isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import { withoutSettings } from "#workers";
import { bench } from "./bench.ts";
import { compare } from "./compare.ts";
import { components } from "./components.ts";
import { consensus } from "./consensus.ts";
import { convert } from "./convert.ts";
import { distance } from "./distance.ts";
import { fill } from "./fill.ts";
import { grow } from "./grow.ts";
import { programHelp, verbHelp } from "./help.ts";
import { holes } from "./holes.ts";
import { info } from "./info.ts";
import { islands } from "./islands.ts";
import { margin } from "./margin.ts";
import { merge } from "./merge.ts";
import { nextSlice } from "./next-slice.ts";
import { readArguments } from "./read-arguments.ts";
import { seeds } from "./seeds.ts";
import { smooth } from "./smooth.ts";
import { statistics } from "./statistics.ts";
import { threshold } from "./threshold.ts";
import type { CliPort, Verb } from "./verb.ts";
import { verify } from "./verify.ts";

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = [
  info,
  grow,
  fill,
  nextSlice,
  seeds,
  threshold,
  components,
  islands,
  holes,
  margin,
  smooth,
  distance,
  statistics,
  compare,
  consensus,
  convert,
  merge,
  verify,
  bench,
];

/** Runs one command line without the program's name; the exit status. Never rejects: a fault is one line by `complain`. */
export async function runCli(
  argv: readonly string[],
  port: CliPort,
  complain: (line: string) => void,
): Promise<number> {
  try {
    return await dispatch(argv, port);
  } catch (error) {
    complain(`voxelwright: ${faultLine(error)}`);
    return 1;
  }
}

async function dispatch([name, ...rest]: readonly string[], port: CliPort): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const asked = VERBS.find((verb) => verb.name === rest[0]);
    port.print(asked ? verbHelp(asked) : programHelp(VERBS));
    return name === undefined ? 1 : 0;
  }
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (!verb) {
    const advice = `Verbs: ${VERBS.map((known) => known.name).join(", ")}.`;
    throw new VoxelwrightError("argument", `There is no verb "${name}".`, { advice });
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    port.print(verbHelp(verb));
    return 0;
  }
  return verb.run(readArguments(verb, rest), port);
}

/** One line for a person, whatever was thrown. */
function faultLine(error: unknown): string {
  if (isAbortError(error)) return "Stopped.";
  const line = isVoxelwrightError(error) ? error.line : error instanceof Error ? error.message : String(error);
  return withoutSettings(line).replaceAll(/\s*[\r\n]+\s*/g, " ");
}
