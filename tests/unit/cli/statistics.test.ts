import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInlineKernels, type Kernels } from "#workers";
import { run, series } from "./fake-port.ts";

const wasm = new URL("../../../.build/kernels.wasm", import.meta.url);
let folder = "";
/** The real kernels, which several runs share. */
let kernels: Pick<Kernels, "statistics" | "consensus">;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-cli-"));
  const inline = createInlineKernels({ wasm: await WebAssembly.compile(await readFile(wasm)) });
  kernels = {
    statistics: (...args) => inline.statistics(...args),
    consensus: (...args) => inline.consensus(...args),
  };
});
afterAll(() => rm(folder, { recursive: true }));

const label = { voxelType: "uint8" } as const;
const drawn = series(label, (i, j, k) => (i >= 2 && i < 6 && j >= 1 && j < 5 && k >= 1 && k < 4 ? 3 : 0), {
  segments: [{ layer: 0, value: 3, name: "Node", color: "#ff0000" }],
});

describe("voxelwright statistics", () => {
  it("prints size, place and shape of every label", async () => {
    const { status, out, notes } = await run(["statistics", "labels"], { labels: [drawn] }, kernels);
    expect([status, notes]).toEqual([0, []]);
    const [row] = JSON.parse(out) as Record<string, unknown>[];
    expect(row).toMatchObject({
      label: 3,
      name: "Node",
      voxels: 48,
      volumeMl: 0.096,
      mean: null,
      median: null,
      centroidLps: [3.5, 2.5, 4],
      box: { min: [2, 1, 1], max: [6, 5, 4] },
    });
    const { shape } = row as { shape: Record<string, unknown> };
    expect(shape["feretMm"]).toBeCloseTo(Math.hypot(3, 3, 4), 12);
    expect(Object.keys(shape)).toEqual(
      expect.arrayContaining(["meshAreaMm2", "croftonAreaMm2", "sphericity", "elongation", "flatness", "orientedBox"]),
    );
  });

  it("measures shown values of the scan and writes the table", async () => {
    const scan = series({ rescale: { slope: -2, intercept: 10 }, unit: "HU" }, (i, j, k) => i + 10 * j + 100 * k);
    const csv = join(folder, "table.csv");
    const argv = ["statistics", "labels", "--image", "scan", "--csv", csv];
    const { status, out, fault } = await run(argv, { labels: [drawn], scan: [scan] }, kernels);
    expect([status, fault]).toEqual([0, ""]);
    const values: number[] = [];
    for (let k = 1; k < 4; k++) {
      for (let j = 1; j < 5; j++) for (let i = 2; i < 6; i++) values.push(-2 * (i + 10 * j + 100 * k) + 10);
    }
    values.sort((a, b) => a - b);
    const [row] = JSON.parse(out) as Record<string, number>[];
    expect(row).toMatchObject({ min: values[0], max: values.at(-1), unit: "HU" });
    const rank = 0.05 * (values.length - 1);
    const low = values[Math.floor(rank)]!;
    expect(row!["p5"]).toBeCloseTo(low + (values[Math.ceil(rank)]! - low) * (rank % 1), 9);
    const [header, line] = (await readFile(csv, "utf8")).split("\r\n");
    expect(header).toMatch(/^segment,name,voxels,volume_ml,mean,sd,min,max,unit,median,.*mesh_area_mm2/);
    expect(line).toMatch(/^3,Node,48,0\.096,/);
  });

  it("has words for infinite values, for which JSON has no numbers", async () => {
    const scan = series(
      { voxelType: "float32" },
      (i) => [0, 0, Number.NEGATIVE_INFINITY, 1, 2, Number.POSITIVE_INFINITY][i] ?? 0,
    );
    const csv = join(folder, "infinite.csv");
    const argv = ["statistics", "labels", "--image", "scan", "--csv", csv];
    const { status, out } = await run(argv, { labels: [drawn], scan: [scan] }, kernels);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ min: "-Infinity", max: "Infinity", median: 1.5, mean: null }]);
    const [header, line] = (await readFile(csv, "utf8")).split("\r\n").map((text) => text.split(","));
    const cell = (name: string) => line![header!.indexOf(name)];
    expect([cell("min"), cell("max"), cell("mean")]).toEqual(["-Infinity", "Infinity", ""]);
  });

  it("says what a sheared grid and an uneven stack do not allow", async () => {
    const grid = { dims: [8, 6, 5], indexToLps: [1, 0, 0.5, 0, 0, 1, 0, 0, 0, 0, 2, 0] } as const;
    const sheared = series({ ...label, grid }, (i) => (i < 4 ? 1 : 0));
    const first = await run(["statistics", "labels"], { labels: [sheared] }, kernels);
    expect(first.notes.join()).toMatch(/not at right angles/);
    const [row] = JSON.parse(first.out) as { shape: Record<string, unknown> }[];
    expect(row!.shape["croftonAreaMm2"]).toBeUndefined();
    expect(row!.shape["meshAreaMm2"]).toBeGreaterThan(0);
    const uneven = series(
      {
        ...label,
        grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], sliceOffsetsMm: [0, 1, 2, 4, 5] },
      },
      (i) => (i < 4 ? 1 : 0),
    );
    const second = await run(["statistics", "labels"], { labels: [uneven] }, kernels);
    expect(second.notes.join()).toMatch(/lie unevenly/);
    const [other] = JSON.parse(second.out) as Record<string, unknown>[];
    expect([other!["shape"], other!["centroidLps"]]).toEqual([undefined, undefined]);
    expect(other!["volumeMl"]).toBeGreaterThan(0);
  });

  it("refuses a scan on another grid", async () => {
    const scan = series({ grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0, 9, 0, 1, 0, 0, 0, 0, 2, 0] } });
    const { status, fault } = await run(["statistics", "l", "--image", "s"], { l: [drawn], s: [scan] }, kernels);
    expect([status, fault]).toEqual([1, expect.stringMatching(/s: Its voxels lie elsewhere/)]);
  });
});

describe("voxelwright consensus", () => {
  const map = (edge: number) => series(label, (i) => (i < edge ? 1 : 0));
  const inputs = { a: [map(3)], b: [map(4)], c: [map(6)] };

  it("writes the labels that most have and prints how each does", async () => {
    const out = join(folder, "majority.nii");
    const argv = ["consensus", "a", "b", "c", "--method", "majority", "-o", out];
    const { status, out: printed, fault } = await run(argv, inputs, kernels);
    expect([status, fault]).toEqual([0, ""]);
    expect(JSON.parse(printed)).toEqual({
      method: "majority",
      voxels: 120,
      undecided: 0,
      iterations: 0,
      raters: [
        { file: "a", labels: [{ label: 1, sensitivity: 0.75, specificity: 1 }] },
        { file: "b", labels: [{ label: 1, sensitivity: 1, specificity: 1 }] },
        { file: "c", labels: [{ label: 1, sensitivity: 1, specificity: 0.5 }] },
      ],
    });
    expect([...new Uint8Array(await readFile(out)).subarray(352, 360)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it("estimates by STAPLE, with confusion matrices when asked", async () => {
    for (const method of ["staple", "staple-binary"]) {
      const out = join(folder, `${method}.nii.gz`);
      const argv = ["consensus", "a", "b", "c", "--method", method, "--confusion", "-o", out];
      const { status, out: printed, fault } = await run(argv, inputs, kernels);
      expect([status, fault]).toEqual([0, ""]);
      const result = JSON.parse(printed) as { iterations: number; raters: { confusion?: unknown[] }[] };
      expect(result.iterations).toBeGreaterThan(1);
      expect(result.raters.map(({ confusion }) => confusion !== undefined)).toEqual(
        Array.from({ length: 3 }, () => method === "staple"),
      );
    }
  });

  it.each([
    [["a"], /B is missing/],
    [["a", "b", "--method", "vote"], /--method is majority/],
    [["a", "other"], /other: It has 8×6×4 voxels/],
  ])("refuses %s", async (argv, line) => {
    const other = series({ ...label, grid: { dims: [8, 6, 4], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0] } });
    const out = ["-o", join(folder, "never.nii")];
    const { status, fault } = await run(["consensus", ...argv, ...out], { ...inputs, other: [other] }, kernels);
    expect(status).toBe(1);
    expect(fault).toMatch(line);
  });
});
