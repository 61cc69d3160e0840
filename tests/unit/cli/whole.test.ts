import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInlineKernels, loadKernelModule } from "#workers";
import { openPath } from "../../../src/cli/open-path.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import oracles from "../../fixtures/oracles/components.json" with { type: "json" };

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

/** What a command line is refused with. */
async function refusal(...argv: string[]): Promise<string> {
  const faults: string[] = [];
  const unused = (): never => expect.fail("a refusal needs no kernel");
  const port = { print: unused, note: () => undefined, open: (path: string) => openPath(path), kernels: unused };
  expect(await runCli(argv, port, (line) => void faults.push(line))).toBe(1);
  return faults.join("\n");
}

describe("the sample scan, from grown to compared", () => {
  it("grows the lungs, and every format holds the same labels", async () => {
    const names = ["lungs.seg.nrrd", "lungs.nii.gz", "lungs.mha", "lungs.zarr", "lungs.zarr.zip"];
    const paths = names.map((name) => join(folder, name)) as [string, string, string, string, string];
    const seed = ["--seed", "50,80,60", "--range", "-1100,-400", "--label", "300"];
    // Voxels that a plain breadth-first growth reaches.
    expect(await voxelwright("grow", sample, ...seed, "-o", paths[0])).toMatchObject({ changed: 710102 });
    await voxelwright("convert", paths[0], paths[1]);
    await voxelwright("convert", paths[1], paths[2]);
    await voxelwright("convert", paths[0], paths[3]);
    // Into the folder of an image, here of one that is labels itself, and out of it again.
    await voxelwright("convert", paths[2], join(paths[3], "labels", "again"));
    await voxelwright("convert", join(paths[3], "labels", "again"), paths[4]);
    const whole = { label: 300, dice: 1, hausdorff95Mm: 0, meanSurfaceDistanceMm: 0, voxelsA: 710102, voxelsB: 710102 };
    for (const path of [paths[2], paths[4]])
      expect(await voxelwright("compare", paths[0], path)).toMatchObject([whole]);
    for (const path of [paths[0], paths[4]]) {
      expect(await voxelwright("info", path)).toMatchObject({
        dims: [115, 157, 129],
        voxelType: "uint16",
        segments: [{ value: 300, name: "Label 300" }],
      });
    }
    const fault = await refusal("convert", paths[0], paths[3]);
    expect(fault).toMatch(/A folder has this name already/);
  }, 60_000);
});

describe("the sample scan, thresholded", () => {
  const oracle = oracles.cases.find(({ file }) => file === "samples/chest-ct.mha")!;
  const { voxels } = oracle.holes;

  it("has the voxels, islands and holes that scipy finds", async () => {
    const air = join(folder, "air.nii.gz");
    expect(await voxelwright("threshold", sample, "--range", "-1100,-500", "-o", air)).toMatchObject({
      changed: voxels,
    });
    const found = (await voxelwright("components", air, "--connectivity", "26", "--most", "2")) as {
      rows: { voxels: number }[];
      segments: object[];
    };
    expect(found.rows.map((row) => row.voxels)[0]).toBe(oracle.components["26"].largest["1"]);
    expect(found.segments).toEqual([{ segment: 1, components: oracle.components["26"].components, voxels }]);
    const one = join(folder, "one.nii.gz");
    const largest = ["--operation", "largest", "--count", "1", "--connectivity", "26"];
    expect(await voxelwright("islands", air, ...largest, "-o", one)).toMatchObject({
      changed: voxels - oracle.components["26"].largest["1"]!,
    });
    const parts = join(folder, "parts.nii.gz");
    const split = (await voxelwright("islands", air, "--operation", "split", "--count", "2", "-o", parts)) as {
      split: object[];
    };
    expect(split.split).toMatchObject([
      { value: 2, segment: 1, number: 1, voxels: oracle.components["6"].largest["1"] },
      { value: 3, segment: 1, number: 2 },
    ]);
    for (const [axis, way] of [
      [[], "26"],
      [["--axis", "k"], "26 across 2"],
      [["--axis", "i", "--connectivity", "6"], "6 across 0"],
    ] as const) {
      const full = join(folder, "full.mha");
      const changed = oracle.holes[way]!.voxels - voxels;
      expect(await voxelwright("holes", air, ...axis, "-o", full)).toMatchObject({ changed });
    }
  }, 60_000);

  it("finds thresholds, and labels what is above them", async () => {
    const bright = join(folder, "bright.nii.gz");
    const otsu = await voxelwright("threshold", sample, "--method", "otsu", "-o", bright);
    expect(otsu).toMatchObject({ thresholds: [-459] });
    const range = await voxelwright("threshold", sample, "--range", "-458,9999", "--label", "2", "-o", bright);
    expect((range as { changed: number }).changed).toBe((otsu as { changed: number }).changed);
    const classes = ["--method", "multi-otsu-3", "--label", "5"];
    const { thresholds } = (await voxelwright("threshold", sample, ...classes, "-o", bright)) as {
      thresholds: number[];
    };
    expect(thresholds.length).toBe(2);
    expect(await voxelwright("components", bright, "--most", "1")).toMatchObject({
      segments: [{ segment: 5 }, { segment: 6 }],
    });
  }, 60_000);
});
