import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInlineKernels, loadKernelModule } from "#workers";
import type { KernelLabels, SeedsRequest } from "#workers";
import { describeVolume, run, series } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-seeds-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Voxels of a file that was written as .nii: 8-bit, 8 × 6 × 5. */
async function written(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path)).subarray(352);
}

const scan = series({ rescale: { slope: 2, intercept: -1000 } }, (i) => 100 * (i >> 2));
const drawn = series({ voxelType: "uint8" }, (i, j, k) => (j === 3 && k === 2 ? [4, 0, 0, 0, 0, 0, 0, 7][i]! : 0));
const real = async () => {
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  return { growFromSeeds: kernels.growFromSeeds.bind(kernels) };
};

describe("voxelwright seeds", () => {
  it("divides the scan between the labels, at the step of its values", async () => {
    const out = join(folder, "all.nii");
    const {
      status,
      out: printed,
      fault,
      notes,
    } = await run(["seeds", "scan", "drawn", "-o", out], { scan: [scan], drawn: [drawn] }, await real());
    expect([status, fault, notes]).toEqual([0, "", []]);
    expect(JSON.parse(printed)).toMatchObject({ changed: 8 * 6 * 5 - 2 });
    expect([...(await written(out)).subarray(0, 8)]).toEqual([4, 4, 4, 4, 7, 7, 7, 7]);
  });

  it("asks the kernel in stored values", async () => {
    let asked: SeedsRequest | undefined;
    const growFromSeeds = (_image: unknown, _labels: KernelLabels, request: SeedsRequest) => {
      asked = request;
      const report = { valueStep: 0.5, costStep: 1, spatialWeight: 1, unreached: 12, updated: false };
      return Promise.resolve({ kind: "labels" as const, bricks: new Map(), voxels: 0, report });
    };
    const out = join(folder, "none.nii");
    const options = "--weight 6 --bias 4=10 --bias 7=1 --maximum-cost 500 --connectivity 26 --region 1,0,0,8,6,5";
    const more = "--inside 0,9 --segments 4,7";
    const { status, fault, notes } = await run(
      ["seeds", "scan", "drawn", ...options.split(" "), ...more.split(" "), "-o", out],
      { scan: [scan], drawn: [drawn] },
      { growFromSeeds },
    );
    expect([status, fault]).toEqual([0, ""]);
    expect(asked).toEqual({
      segments: [4, 7],
      inside: [0, 9],
      spacingMm: [1, 1, 2],
      connectivity: 26,
      region: { min: [1, 0, 0], max: [8, 6, 5] },
      spatialWeight: 3,
      bias: { 4: 5, 7: 0.5 },
      maximumCost: 250,
    });
    expect(notes).toEqual([
      "Values were compared in steps of 0.5 stored values.",
      "12 voxels were not reached and keep their label.",
    ]);
  });

  it("refuses what makes no sense with one line", async () => {
    const out = join(folder, "refused.nii");
    const refusal = async (...more: string[]) => {
      const argv = ["seeds", "scan", "drawn", ...more, "-o", out];
      const { status, fault } = await run(argv, { scan: [scan], drawn: [drawn] }, await real());
      expect(status).toBe(1);
      expect(fault).not.toContain("\n");
      return fault;
    };
    expect(await refusal("--connectivity", "18")).toContain("6 or 26");
    expect(await refusal("--region", "0,0,0,4")).toContain("--region takes 6 numbers");
    expect(await refusal("--bias", "4")).toContain("--bias");
    expect(await refusal("--bias", "x=3")).toContain("whole number");
    expect(await refusal("--bias", "4=3=4")).toContain('--bias is like 7=30, not "4=3=4"');
    expect(await refusal("--bias", "4=3", "--bias", "4=4")).toContain("twice for label 4");
    expect(await refusal("--bias", "9=3")).toContain("label 9, which is not among the seeds. Seeds: 4, 7.");
    expect(await refusal("--segments", "4,9")).toContain("It holds no label 9.");
    expect(await refusal("--region", "0.5,0,0,8,6,5")).toContain("--region takes whole voxel indices");
    expect(await refusal("--region", "0,-1,0,8,6,5")).toContain("--region takes whole voxel indices");
    expect(await refusal("--weight", "-2")).toContain("0 or more");
    expect(await refusal("--segments", "4")).toContain("at least two segments");
    expect(await refusal("--region", "0,0,0,4,6,5")).toContain("at least two segments");
  });

  it("speaks of costs in shown values, by the names of the options", async () => {
    const out = join(folder, "costs.nii");
    const seeds = async (...more: string[]) => {
      const argv = ["seeds", "scan", "drawn", ...more, "-o", out];
      return run(argv, { scan: [scan], drawn: [drawn] }, await real());
    };
    const { fault } = await seeds("--maximum-cost", "1e9");
    expect(fault).toMatch(/The --maximum-cost of 1000000000 is more .* fewer segments or a larger --weight\.$/);
    const most = /at most ([\d.]+),/.exec(fault)![1]!;
    expect((await seeds("--maximum-cost", most)).status).toBe(0);
    // The figures are shown values: twice the stored ones.
    expect((await seeds("--maximum-cost", String(Number(most) * 1.001))).status).toBe(1);
    const lost = (await seeds("--weight", "1e-9")).fault;
    expect(lost).toMatch(/A --weight of 1e-9 is lost .* Use 0, or [\d.]+ or more\.$/);
    expect((await seeds("--weight", /or ([\d.]+) or/.exec(lost)![1]!)).status).toBe(0);
    const large = (await seeds("--weight", "1e9")).fault;
    expect(large).toContain("A --weight of 1000000000 is too large");
    // That much can be counted for one step, but not for a path of several.
    const paths = (await seeds("--weight", /at most ([\d.]+)\.$/.exec(large)![1]!)).fault;
    expect(paths).toMatch(
      /cost more than can be counted.* a larger --weight, or a --maximum-cost of at most [\d.]+\.$/,
    );
    expect((await seeds("--bias", "7=1e9")).fault).toContain("The --bias 7 of 1000000000 is more");
  });

  it("refuses seeds of another grid", async () => {
    const { grid } = describeVolume();
    const other = series({ voxelType: "uint8", grid: { ...grid, dims: [8, 6, 4] } });
    const argv = ["seeds", "scan", "other", "-o", join(folder, "other.nii")];
    const { status, fault } = await run(argv, { scan: [scan], other: [other] });
    expect([status, fault]).toEqual([1, expect.stringContaining("grid")]);
  });

  it("refuses a sheared scan, on whose axes millimetres cannot be measured", async () => {
    const sheared = series({ grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0.5, 0, 0, 1, 0, 0, 0, 0, 2, 0] } });
    const argv = ["seeds", "sheared", "drawn", "-o", join(folder, "sheared.nii")];
    const { status, fault } = await run(argv, { sheared: [sheared], drawn: [drawn] });
    expect([status, fault]).toEqual([1, expect.stringContaining("right angles")]);
  });
});
