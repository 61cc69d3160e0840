import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInlineKernels, loadKernelModule } from "#workers";
import { openPath } from "../../../src/cli/open-path.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import { sampleFile } from "../../fixtures/shared-data.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-whole-by-distance-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A command line as the program runs it: real files, real kernels. */
async function voxelwright(...argv: string[]): Promise<unknown> {
  let out = "";
  const faults: string[] = [];
  const port = {
    print: (text: string) => void (out += text),
    note: () => undefined,
    open: (path: string) => openPath(path),
    kernels: async () => createInlineKernels({ wasm: await loadKernelModule() }),
  };
  expect(await runCli(argv, port, (line) => void faults.push(line)), faults.join()).toBe(0);
  return JSON.parse(out);
}

describe("the lungs of the sample scan, from file to file", () => {
  it("grow, shrink, are smoothed and measured as other programs find", async () => {
    const at = (name: string): string => join(folder, name);
    const seed = ["--seed", "40,80,60", "--range", "-1100,-400"];
    await voxelwright("grow", sampleFile("chest-ct.mha"), ...seed, "-o", at("lungs.nii.gz"));
    // Counts by scipy: tests/fixtures/oracles/by-distance.json.
    const counts = [
      [["margin", "--mm", "5"], 173_654],
      [["margin", "--mm", "-5"], 183_000],
      [["smooth", "--method", "open", "--mm", "5"], 9395],
      [["smooth", "--method", "close", "--mm", "5"], 6524],
      [["smooth", "--method", "median", "--mm", "6.83"], 8490],
      [["smooth", "--method", "joint", "--mm", "3.415"], 15_063],
    ] as const;
    for (const [[verb, ...options], changed] of counts) {
      const printed = await voxelwright(verb, at("lungs.nii.gz"), ...options, "-o", at("changed.nii.gz"));
      expect(printed, [verb, ...options].join(" ")).toMatchObject({ changed });
    }
    await voxelwright("distance", at("lungs.nii.gz"), "--signed", "-o", at("field.nii.gz"));
    expect(await voxelwright("info", at("field.nii.gz"))).toMatchObject({
      dims: [115, 157, 129],
      voxelType: "float32",
    });
  }, 60_000);
});
