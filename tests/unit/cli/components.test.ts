import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createInlineKernels,
  type HolesRequest,
  type IslandsRequest,
  loadKernelModule,
  type ThresholdRequest,
} from "#workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, series } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-components-"));
});
afterAll(() => rm(folder, { recursive: true }));

const nothing = { kind: "labels" as const, bricks: new Map(), voxels: 0 };
const drawn = series({ voxelType: "uint8" }, (i) => (i < 3 ? 5 : 0));
const two = series({ voxelType: "uint8" }, (i) => (i < 3 ? 5 : i > 5 ? 7 : 0));
const out = () => join(folder, "out.nii");

describe("voxelwright islands", () => {
  it.each<[string, object]>([
    ["--operation largest", { operation: "largest", count: 1, connectivity: 6 }],
    [
      "--operation largest --count 3 --connectivity 26 --segment 5 --segment 7",
      { operation: "largest", count: 3, connectivity: 26, segments: [5, 7] },
    ],
    ["--operation removeSmaller --below 12", { operation: "removeSmaller", leastVoxels: 12, connectivity: 6 }],
    // Voxels of 2 mm³.
    ["--operation removeSmaller --below-ml 0.021", { operation: "removeSmaller", leastVoxels: 11, connectivity: 6 }],
    ["--operation removeSmaller --below-ml 0.02", { operation: "removeSmaller", leastVoxels: 10, connectivity: 6 }],
    [
      "--operation keep --voxel 1,2,3 --voxel 0,0,0",
      {
        operation: "keep",
        voxels: [
          [1, 2, 3],
          [0, 0, 0],
        ],
        connectivity: 6,
      },
    ],
  ])("asks the kernel for %s", async (argv, expected) => {
    let asked: IslandsRequest | undefined;
    const islands = (_labels: unknown, request: IslandsRequest) => {
      asked = request;
      return Promise.resolve({ proposal: nothing, split: [] });
    };
    const result = await run(["islands", "two", ...argv.split(" "), "-o", out()], { two: [two] }, { islands });
    expect(result.fault).toBe("");
    expect(asked).toEqual(expected);
    expect(JSON.parse(result.out)).toEqual({ changed: 0, milliseconds: expect.any(Number) as number });
  });

  it("gives what is split off the values above all labels, and tells them", async () => {
    const split = [{ value: 6, segment: 5, number: 1, voxels: 9 }];
    const islands = (_labels: unknown, request: IslandsRequest) => {
      const { count, values } = request as Extract<IslandsRequest, { operation: "split" }>;
      expect([count, values.length, values[0]]).toEqual([257, 256, 6]);
      return Promise.resolve({ proposal: nothing, split });
    };
    const argv = ["islands", "drawn", "--operation", "split", "-o", out()];
    expect(JSON.parse((await run(argv, { drawn: [drawn] }, { islands })).out)).toMatchObject({ split });
  });

  it.each([
    ["--operation shrink", /--operation is largest.*not "shrink"/],
    ["--count 3", /--operation is missing/],
    ["--operation largest --below 3", /--below says nothing about the operation largest/],
    ["--operation removeSmaller", /either --below or --below-ml/],
    ["--operation removeSmaller --below 3 --below-ml 2", /either --below or --below-ml/],
    ["--operation removeSmaller --below-ml 0", /millilitres above 0/],
    ["--operation keep", /--voxel is missing/],
    ["--operation keep --voxel 1,2", /--voxel takes 3 numbers/],
    ["--operation largest --count 0", /--count takes a whole number from 1/],
    ["--operation largest --connectivity 8", /6, 18 or 26, not "8"/],
    ["--operation largest --segment 0", /--segment takes a whole number from 1/],
    ["--operation largest --segment 5 --segment 9", /It holds no label 9. Its labels: 5\./],
  ])("refuses %s", async (argv, fault) => {
    const before = await readdir(folder);
    const result = await run(["islands", "drawn", ...argv.split(" "), "-o", join(folder, "never.nii")], {
      drawn: [drawn],
    });
    expect([result.status, result.fault]).toEqual([1, expect.stringMatching(fault)]);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("voxelwright holes", () => {
  it.each<[string, object]>([
    ["", { connectivity: 26 }],
    ["--axis j --connectivity 6 --segment 5", { connectivity: 6, axis: 1, segments: [5] }],
    ["--most-ml 0.0219", { connectivity: 26, mostVoxels: 10 }],
  ])("asks the kernel for %s", async (argv, expected) => {
    let asked: HolesRequest | undefined;
    const holes = (_labels: unknown, request: HolesRequest) => {
      asked = request;
      return Promise.resolve(nothing);
    };
    const words = argv.split(" ").filter(Boolean);
    const result = await run(["holes", "drawn", ...words, "-o", out()], { drawn: [drawn] }, { holes });
    expect(result.fault).toBe("");
    expect(asked).toEqual(expected);
  });

  it("has no holes smaller than a voxel, and no axis but i, j and k", async () => {
    const small = await run(["holes", "drawn", "--most-ml", "0.001", "-o", out()], { drawn: [drawn] });
    expect(JSON.parse(small.out)).toMatchObject({ changed: 0 });
    const odd = await run(["holes", "drawn", "--axis", "z", "-o", out()], { drawn: [drawn] });
    expect(odd.fault).toContain('--axis is i, j or k, not "z"');
  });
});

describe("voxelwright holes and components", () => {
  it.each(["holes", "components"])("%s refuses a label that is not there", async (verb) => {
    const where = verb === "holes" ? ["-o", join(folder, "never.nii")] : [];
    const { status, fault } = await run([verb, "drawn", "--segment", "9", ...where], { drawn: [drawn] });
    expect([status, fault]).toEqual([1, expect.stringContaining("It holds no label 9.")]);
    expect(await readdir(folder)).not.toContain("never.nii");
  });
});

describe("voxelwright threshold", () => {
  it("asks the kernel in stored values", async () => {
    let asked: ThresholdRequest | undefined;
    const threshold = (_image: unknown, request: ThresholdRequest) => {
      asked = request;
      return Promise.resolve({ kind: "mask" as const, segment: request.segment, bricks: new Map(), voxels: 0 });
    };
    const scan = series({ rescale: { slope: 2, intercept: -1000 } }, (i) => 500 + i);
    const argv = ["threshold", "scan", "--range", "-1,3.5", "--label", "7", "-o", out()];
    expect((await run(argv, { scan: [scan] }, { threshold })).fault).toBe("");
    expect(asked).toEqual({ range: { low: 500, high: 501 }, segment: 7 });
  });

  it.each([
    ["", /either --range or --method/],
    ["--range 1,2 --method otsu", /either --range or --method/],
    ["--range 2,1", /from low to high/],
    ["--method best", /There is no method "best".*otsu/],
    ["--range 1,2 --label 70000", /--label takes a whole number from 1/],
  ])("refuses %s", async (argv, fault) => {
    const words = argv.split(" ").filter(Boolean);
    const result = await run(["threshold", "scan", ...words, "-o", out()], { scan: [series()] });
    expect([result.status, result.fault]).toEqual([1, expect.stringMatching(fault)]);
  });

  it("leaves infinite voxels out of the classes that a method finds", async () => {
    const kernels = createInlineKernels({ wasm: await loadKernelModule() });
    const values = [0, 0, 0, 10, 10, 10, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const slope of [0.5, -2]) {
      const scan = series({ voxelType: "float32", rescale: { slope, intercept: 1 } }, (i) => values[i]!);
      const argv = ["threshold", "scan", "--method", "otsu", "-o", out()];
      const { out: printed, notes } = await run(
        argv,
        { scan: [scan] },
        { histogram: kernels.histogram.bind(kernels), threshold: kernels.threshold.bind(kernels) },
      );
      expect(JSON.parse(printed)).toMatchObject({ changed: 3 * 6 * 5 });
      expect(notes).toEqual([expect.stringContaining(`${2 * 6 * 5} voxels are no finite numbers; left out`)]);
    }
  });

  it("refuses a scan of a single value, in which there is no threshold", async () => {
    const one = {
      kind: "values",
      centres: Float64Array.of(3),
      counts: Float64Array.of(240),
      step: 1,
      notFinite: 0,
    } as const;
    const argv = ["threshold", "scan", "--method", "otsu", "-o", join(folder, "never.nii")];
    const result = await run(argv, { scan: [series()] }, { histogram: () => Promise.resolve(one) });
    expect([result.status, result.fault]).toEqual([1, expect.stringContaining("otsu finds no threshold")]);
    expect(await readdir(folder)).not.toContain("never.nii");
  });
});
