import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedPath } from "../inputs.ts";
import { repositoryRoot } from "../node-machine.ts";
import type { BenchRow } from "../report.ts";
import type { SuitePort } from "../suite.ts";

/** The largest scan of the shared data: 116 slices of 512 × 512, JPEG-LS, 61 MB of voxels. */
const LARGEST = "ct-dicom/chest-abdomen-lidc-jpegls";

/**
 * Prints the process's largest resident set, in kB, when it ends. On Linux by VmHWM: what getrusage says outlives exec and counts
 * the process that started this one.
 */
const MEASURE = `
import { readFileSync } from "node:fs";
process.on("exit", () => {
  const linux = process.platform === "linux" && /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
  console.error("peak-rss", linux ? linux[1] : process.resourceUsage().maxRSS);
});`;

/** Peak resident memory of the command line program on the largest scan, each in a process of its own. */
export async function peakMemoryRows(port: SuitePort): Promise<BenchRow[]> {
  const program = join(repositoryRoot(), ".build/cli/main.js");
  const scan = sharedPath(LARGEST);
  if (!scan || !existsSync(program)) {
    port.note(`peak memory: left out, as ${scan ? "the program is not built" : `${LARGEST} is not here`}.`);
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-bench-"));
  const size = "116 × 512 × 512 uint16 (61 MB), JPEG-LS";
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["peak memory: program alone", "voxelwright --help", ["--help"]],
    ["peak memory: streaming conversion", `${size}, to .nii.gz`, ["convert", scan, join(folder, "out.nii.gz")]],
    [
      "peak memory: growth",
      `${size}, the scan held in memory by the command line program`,
      ["grow", scan, "--seed", "256,256,58", "--range=-200,300", "-o", join(folder, "out.seg.nrrd")],
    ],
  ];
  try {
    return cases.flatMap(([name, input, args]): BenchRow[] => {
      const importUrl = `data:text/javascript,${encodeURIComponent(MEASURE)}`;
      const run = spawnSync(process.execPath, ["--import", importUrl, program, ...args], { encoding: "utf8" });
      const kilobytes = /peak-rss (\d+)/.exec(run.stderr)?.[1];
      if (run.status !== 0 || kilobytes === undefined) {
        port.note(`${name}: left out, it failed: ${run.stderr.split("\n")[0]}`);
        return [];
      }
      return [{ name, input, bytes: Number(kilobytes) * 1024 }];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
