import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BRICK_VOXELS } from "#volume";
import {
  createInlineKernels,
  type DistanceRequest,
  loadKernelModule,
  type MarginRequest,
  type SmoothRequest,
} from "#workers";
import { run, series } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-by-distance-"));
});
afterAll(() => rm(folder, { recursive: true }));

const drawn = () => series({ voxelType: "uint8" }, (i, j, k) => (j === 0 && k === 0 && i < 3 ? [5, 5, 7][i]! : 0));

/** Proposes the label 5 in the first four voxels and takes away the third. */
function proposal() {
  const proposed = new Uint16Array(BRICK_VOXELS);
  proposed.fill(5, 0, 4);
  const erased = new Uint8Array(BRICK_VOXELS / 8);
  erased[0] = 0b10000;
  return Promise.resolve({
    kind: "labels" as const,
    bricks: new Map([[0, proposed]]),
    erased: new Map([[0, erased]]),
    voxels: 5,
  });
}

describe("voxelwright margin and smooth", () => {
  it("ask the kernel in the file's spacing and paint over nothing else unless told", async () => {
    const asked: (MarginRequest | SmoothRequest)[] = [];
    const keep = (_: unknown, request: MarginRequest | SmoothRequest) => {
      asked.push(request);
      return proposal();
    };
    const kernels = { margin: keep, smooth: keep };
    const lines: readonly (readonly [argv: readonly string[], request: object, labels: readonly number[]])[] = [
      [["margin", "drawn", "--mm", "-1.5", "--label", "5"], { mm: -1.5, segments: [5] }, [5, 5, 7, 5]],
      [["margin", "drawn", "--mm", "2", "--over", "all"], { mm: 2 }, [5, 5, 5, 5]],
      [
        ["smooth", "drawn", "--method", "joint", "--mm", "2", "--label", "5", "--label", "7"],
        { method: "joint", mm: 2, segments: [5, 7] },
        [5, 5, 7, 5],
      ],
    ];
    for (const [argv, request, labels] of lines) {
      const out = join(folder, "out.nii");
      const { status, out: printed, fault } = await run([...argv, "-o", out], { drawn: [drawn()] }, kernels);
      expect([status, fault]).toEqual([0, ""]);
      expect(JSON.parse(printed)).toMatchObject({ milliseconds: expect.any(Number) as number });
      expect(asked.pop()).toEqual({ spacingMm: [1, 1, 2], ...request });
      expect([...(await readFile(out)).subarray(352, 356)]).toEqual(labels);
    }
  });

  it.each([
    [["margin", "drawn", "--mm", "0"], /--mm is above 0 to grow or below 0 to shrink/],
    [["margin", "drawn", "--mm", "wide"], /--mm takes a number, not "wide"/],
    [["margin", "drawn"], /--mm is missing/],
    [["margin", "drawn", "--mm", "1", "--label", "9"], /case: It holds no label 9\. Its labels: 5, 7\./],
    [["margin", "drawn", "--mm", "1", "--over", "some"], /--over is empty or all, not "some"/],
    [["smooth", "drawn", "--mm", "1"], /--method is missing/],
    [
      ["smooth", "drawn", "--method", "blur", "--mm", "1"],
      /--method is one of median, open, close, gaussian, joint, not "blur"/,
    ],
    [["smooth", "drawn", "--method", "open", "--mm", "-1"], /--mm is above 0/],
    [["smooth", "drawn", "--method", "open", "--mm", "1,2"], /--mm takes a number, not "1,2"/],
    [["margin", "tilted", "--mm", "1"], /axes are not at right angles.*Reslice/],
    [["smooth", "uneven", "--method", "open", "--mm", "1"], /slices lie unevenly.*Reslice/],
    [["distance", "tilted"], /axes are not at right angles.*Reslice/],
    [["margin", "nothing", "--mm", "1"], /It holds no labels/],
  ])("refuse %j", async (argv, line) => {
    const tilted = { dims: [8, 6, 5], indexToLps: [1, 0, 0.4, 0, 0, 1, 0, 0, 0, 0, 2, 0] } as const;
    const uneven = {
      dims: [8, 6, 5],
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      sliceOffsetsMm: [0, 2, 4, 7, 9],
    } as const;
    const inputs = {
      drawn: [drawn()],
      tilted: [series({ grid: tilted }, () => 1)],
      uneven: [series({ grid: uneven }, () => 1)],
      nothing: [series()],
    };
    const { status, fault } = await run([...argv, "-o", join(folder, "never.nii")], inputs);
    expect(status).toBe(1);
    expect(fault).toMatch(line);
    expect(await readdir(folder)).not.toContain("never.nii");
  });
});

describe("voxelwright smooth beyond what memory holds", () => {
  it("gives no advice that only the settings of the page can follow", async () => {
    const kernels = createInlineKernels({ wasm: await loadKernelModule() });
    const argv = ["smooth", "drawn", "--method", "gaussian", "--mm", "1e6", "-o", join(folder, "never.nii")];
    const { status, fault } = await run(argv, { drawn: [drawn()] }, { smooth: kernels.smooth.bind(kernels) });
    expect(status).toBe(1);
    expect(fault).toMatch(/does not fit in the memory budget\. Choose a smaller length in millimetres\.$/);
  });
});

describe("voxelwright distance", () => {
  it("writes what the kernel measured as float32 millimetres with the grid of the labels", async () => {
    const asked: DistanceRequest[] = [];
    const kernels = {
      distance: (_: unknown, request: DistanceRequest) => {
        asked.push(request);
        const values = Float32Array.from({ length: 8 * 6 * 5 }, (__, n) => n / 4);
        return Promise.resolve({ box: { min: [0, 0, 0], max: [8, 6, 5] } as const, values });
      },
    };
    const out = join(folder, "field.nii");
    for (const [argv, request] of [
      [["--signed", "--label", "7"], { mode: "signed", segments: [7] }],
      [["--many", "--max", "3.5"], { mode: "many", maxMm: 3.5 }],
      [[], { mode: "unsigned" }],
    ] as const) {
      const { status, fault } = await run(["distance", "drawn", ...argv, "-o", out], { drawn: [drawn()] }, kernels);
      expect([status, fault]).toEqual([0, ""]);
      expect(asked.pop()).toEqual({ spacingMm: [1, 1, 2], ...request });
    }
    const bytes = await readFile(out);
    const head = new DataView(bytes.buffer, bytes.byteOffset);
    expect([head.getInt16(70, true), head.getFloat32(76 + 12, true)]).toEqual([16, 2]);
    expect(head.getFloat32(352 + 4 * 239, true)).toBe(239 / 4);
  });

  it("refuses names of no image, modes that exclude each other, and labels with nothing around them", async () => {
    const inputs = { drawn: [drawn()] };
    const kernels = {
      distance: () =>
        Promise.resolve({
          box: { min: [0, 0, 0], max: [8, 6, 5] } as const,
          values: new Float32Array(240).fill(Number.NEGATIVE_INFINITY),
        }),
    };
    const refusal = async (...argv: string[]): Promise<string> =>
      (await run(["distance", "drawn", ...argv], inputs, kernels)).fault;
    expect(await refusal("-o", join(folder, "field.seg.nrrd"))).toMatch(/says no image format\. Endings: \.nii\.gz/);
    expect(await refusal("--signed", "--many", "-o", join(folder, "field.nii"))).toMatch(/do not go together/);
    expect(await refusal("--max", "0", "-o", join(folder, "field.nii"))).toMatch(/--max is above 0/);
    expect(await refusal("--signed", "-o", join(folder, "full.nii"))).toMatch(/fill the volume.*Give --max/);
    expect(await readdir(folder)).not.toContain("full.nii");
  });
});
