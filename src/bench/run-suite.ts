import { VoxelwrightError } from "#base";
import { machineOfNode, versionsOf } from "./node-machine.ts";
import type { BenchReport } from "./report.ts";
import type { BenchPort, Suite, SuitePort } from "./suite.ts";
import { accuracySuite, accuracySuites } from "./suites/accuracy.ts";
import { kernelsSuite, kernelSuites } from "./suites/kernels.ts";
import { mainSuite } from "./suites/main.ts";
import { pageSuite } from "./suites/page.ts";
import { renderSuite, renderSuites } from "./suites/render.ts";
import { soakSuite } from "./suites/soak.ts";
import { scaleSuite, scaleSuites } from "./suites/scale.ts";

/** Suites by name, the default first. */
export const SUITES: Readonly<Record<string, Suite>> = {
  main: mainSuite,
  page: pageSuite,
  render: renderSuite,
  ...renderSuites,
  scale: scaleSuite,
  ...scaleSuites,
  soak: soakSuite,
  kernels: kernelsSuite,
  ...kernelSuites,
  accuracy: accuracySuite,
  ...accuracySuites,
};

/** Runs a suite in Node. Throws `argument` for a name that is none. */
export async function runSuite(name: string, port: BenchPort): Promise<BenchReport> {
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (!suite) {
    const advice = `Suites: ${Object.keys(SUITES).join(", ")}.`;
    throw new VoxelwrightError("argument", `There is no suite "${name}".`, { advice });
  }
  const found: SuitePort["found"] = { versions: {}, pictures: [] };
  const rows = await suite.run({ ...port, found });
  return {
    suite: name,
    machine: machineOfNode(),
    ...(found.adapter === undefined ? {} : { adapter: found.adapter }),
    versions: { ...versionsOf(suite.peers), ...found.versions },
    rows,
    ...(found.accuracy === undefined ? {} : { accuracy: found.accuracy }),
    ...(found.pictures.length === 0 ? {} : { pictures: found.pictures }),
  };
}
