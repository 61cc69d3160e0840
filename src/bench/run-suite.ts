import { VoxelwrightError } from "#base";
import { machineOfNode, versionsOf } from "./node-machine.ts";
import type { BenchReport } from "./report.ts";
import type { Suite, SuitePort } from "./suite.ts";
import { mainSuite } from "./suites/main.ts";

/** Suites by name, the default first. */
export const SUITES: Readonly<Record<string, Suite>> = { main: mainSuite };

/** Runs a suite in Node. Throws `argument` for a name that is none. */
export async function runSuite(name: string, port: SuitePort): Promise<BenchReport> {
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (!suite) {
    const advice = `Suites: ${Object.keys(SUITES).join(", ")}.`;
    throw new VoxelwrightError("argument", `There is no suite "${name}".`, { advice });
  }
  const rows = await suite.run(port);
  return { suite: name, machine: machineOfNode(), versions: versionsOf(suite.peers), rows };
}
