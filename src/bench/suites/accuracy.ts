import { spawnSync } from "node:child_process";
import { createInlineKernels, loadKernelModule } from "#workers";
import { repositoryRoot } from "../node-machine.ts";
import { nativeItkVersion, pythonVersions } from "../peers/peer-versions.ts";
import type { Suite, SuitePort } from "../suite.ts";
import { fillAccuracy } from "./accuracy/fill.ts";
import { growthAccuracy } from "./accuracy/growth.ts";
import { readLabelledScan } from "./accuracy/labelled-scans.ts";
import { AccuracyRecord, type PartInput } from "./accuracy/record.ts";
import { SCAN_PLANS } from "./accuracy/scan-plans.ts";
import { seedsAccuracy } from "./accuracy/seeds.ts";
import { summaryRows } from "./accuracy/summary-rows.ts";

type Part = (input: PartInput) => Promise<void>;

/** Parts of the suite by name: `accuracy:fill` runs one of them. */
const PARTS: Readonly<Record<string, Part>> = { fill: fillAccuracy, growth: growthAccuracy, seeds: seedsAccuracy };

const PEERS = ["@itk-wasm/morphological-contour-interpolation", "itk-wasm"];

/** How near fill, growth and growth from seeds come to labels that are known, against peers, on every labelled scan. */
export const accuracySuite: Suite = { peers: PEERS, run: (port) => runParts("accuracy", Object.values(PARTS), port) };

/** A suite for each part. */
export const accuracySuites: Readonly<Record<string, Suite>> = Object.fromEntries(
  Object.entries(PARTS).map(([name, part]) => [
    `accuracy:${name}`,
    { peers: PEERS, run: (port: SuitePort) => runParts(`accuracy:${name}`, [part], port) },
  ]),
);

/** Scan by scan, so that one is in memory at a time. */
async function runParts(suite: string, parts: readonly Part[], port: SuitePort): ReturnType<Suite["run"]> {
  const record = new AccuracyRecord(port);
  // Before anything is measured: a working copy may move on meanwhile.
  const commit = commitOf();
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  try {
    for (const plan of SCAN_PLANS) {
      port.signal?.throwIfAborted();
      const scan = await readLabelledScan(plan);
      if (!scan) {
        record.leaveOut(`${plan.what}: its files are not here`);
        continue;
      }
      record.scans.push(scan.facts);
      for (const part of parts) await part({ scan, kernels, record, port });
    }
  } finally {
    kernels.dispose();
  }
  const itk = nativeItkVersion();
  Object.assign(port.found.versions, pythonVersions() ?? {}, itk === undefined ? {} : { "ITK (native)": itk });
  const command = `npm run bench -- --suite ${suite} --html accuracy.html --json accuracy.json`;
  port.found.accuracy = record.findings({ command, ...(commit === undefined ? {} : { commit }) });
  return summaryRows(port.found.accuracy);
}

/** The commit of a working copy, with "+" where tracked files differ from it. */
function commitOf(): string | undefined {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: repositoryRoot(), encoding: "utf8" });
  const { status, stdout } = git("rev-parse", "--short=12", "HEAD");
  if (status !== 0) return undefined;
  const differs = git("status", "--porcelain", "--untracked-files=no").stdout !== "";
  return `${stdout.trim()}${differs ? "+" : ""}`;
}
