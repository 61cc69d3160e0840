import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInlineKernels, loadKernelModule } from "#workers";
import { openPath } from "../../../src/cli/open-path.ts";
import { runCli } from "../../../src/cli/run-cli.ts";

const sample = new URL("../../../src/public/samples/chest-ct.mha", import.meta.url).pathname;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-whole-"));
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
  return out === "" ? undefined : JSON.parse(out);
}

describe("the sample scan, from grown to compared", () => {
  it("grows the lungs, and every format holds the same labels", async () => {
    const paths = ["lungs.seg.nrrd", "lungs.nii.gz", "lungs.mha"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const seed = ["--seed", "50,80,60", "--range", "-1100,-400", "--label", "300"];
    // Voxels that a plain breadth-first growth reaches.
    expect(await voxelwright("grow", sample, ...seed, "-o", paths[0])).toMatchObject({ changed: 710102 });
    await voxelwright("convert", paths[0], paths[1]);
    await voxelwright("convert", paths[1], paths[2]);
    const whole = { label: 300, dice: 1, hausdorff95Mm: 0, meanSurfaceDistanceMm: 0, voxelsA: 710102, voxelsB: 710102 };
    expect(await voxelwright("compare", paths[0], paths[2])).toMatchObject([whole]);
    expect(await voxelwright("info", paths[0])).toMatchObject({
      dims: [115, 157, 129],
      voxelType: "uint16",
      segments: [{ value: 300, name: "Label 300" }],
    });
  }, 60_000);
});
