import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BRICK_VOXELS } from "#volume";
import type { FillRequest } from "#workers";
import { run, series } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-fill-"));
});
afterAll(() => rm(folder, { recursive: true }));

const drawn = () => series({ voxelType: "uint8" }, (i, j, k) => (j === 0 && k === 0 && i < 3 ? [5, 0, 7][i]! : 0));

describe("voxelwright fill and next-slice", () => {
  const asked: FillRequest[] = [];
  const axes: unknown[] = [];
  const kernels = {
    fill: (_: unknown, request: FillRequest) => {
      asked.push(request);
      const bricks = new Map([[0, new Uint16Array(BRICK_VOXELS).fill(5, 0, 4)]]);
      return Promise.resolve({ kind: "labels" as const, bricks, voxels: 4 });
    },
    nextSlice: (_: unknown, request: FillRequest, across: unknown) => {
      asked.push(request);
      axes.push(across);
      return Promise.resolve({ axis: 1 as const, index: 3, voxels: 12.5, ml: 0.025, wrongVoxels: 40 });
    },
  };
  const options: readonly (readonly [argv: readonly string[], request: object])[] = [
    [[], {}],
    [["--label", "5", "--axis", "k", "--slices", "0,4,9"], { segments: [5], axis: 2, planes: [0, 4, 9] }],
    [
      ["--plane", "j12", "--plane", "1,2.5,3:0,-1,1", "--plane", "1,2,-0.4:0,0,-1"],
      {
        drawn: [
          { axis: 1, index: 12 },
          { point: [1, 2.5, 3], normal: [0, -1, 1] },
          { point: [1, 2, -0.4], normal: [0, 0, -1] },
        ],
      },
    ],
  ];

  it.each(options)("ask the kernel with %j", async (argv, request) => {
    const out = join(folder, "out.nii");
    const { status, fault } = await run(["fill", "drawn", ...argv, "-o", out], { drawn: [drawn()] }, kernels);
    expect([status, fault]).toEqual([0, ""]);
    expect(asked.pop()).toEqual({ method: "shape", spacingMm: [1, 1, 2], ...request });
    expect([...(await readFile(out)).subarray(352, 356)]).toEqual([5, 5, 7, 5]);
    const next = await run(
      ["next-slice", "drawn", ...argv, "--across", "i", "--across", "j"],
      { drawn: [drawn()] },
      kernels,
    );
    expect(JSON.parse(next.out)).toEqual({ axis: "j", index: 3, voxels: 12.5, ml: 0.025, wrongVoxels: 40 });
    expect(asked.pop()).toEqual({ method: "shape", spacingMm: [1, 1, 2], ...request });
    expect(axes.pop()).toEqual([0, 1]);
  });

  it("shows the kernel the scan for --method image", async () => {
    const out = join(folder, "by-image.nii");
    const argv = ["fill", "drawn", "--method", "image", "--image", "scan", "-o", out];
    const { status, fault } = await run(argv, { drawn: [drawn()], scan: [drawn()] }, kernels);
    expect([status, fault]).toEqual([0, ""]);
    expect(asked.pop()).toMatchObject({ method: "image", image: { frame: 0, dims: [8, 6, 5] } });
    const next = ["next-slice", "drawn", "--method", "image", "--image", "scan"];
    expect(await run(next, { drawn: [drawn()], scan: [drawn()] }, kernels)).toMatchObject({ status: 0, fault: "" });
    expect(asked.pop()).toMatchObject({ method: "image", image: { frame: 0, dims: [8, 6, 5] } });
  });

  it.each([
    [["--axis", "z"], /--axis is i, j or k, not "z"/],
    [["--slices", "1,2"], /--slices needs --axis/],
    [["--axis", "k", "--slices", "1,b"], /--slices takes slice numbers/],
    [["--plane", "12"], /--plane is like k12 or/],
    [["--plane", "1,2:0,0,1"], /--plane takes 3 numbers/],
    [["--method", "image"], /--method image and --image SCAN go together/],
    [["--method", "magic"], /shape or image, not "magic"/],
    [["--label", "9"], /holds no label 9/],
    [["--plane", "1,2,300:0,0,1"], /No voxel lies on the plane 1,2,300:0,0,1. .* from 0,0,0 to 7,5,4\.$/],
    [["--plane", "1,2,-0.6:0,0,-1"], /No voxel lies on the plane/],
  ])("%j is refused", async (argv, message) => {
    for (const verb of [["fill", "-o", join(folder, "never.nii")], ["next-slice"]]) {
      const [name, ...rest] = verb as [string, ...string[]];
      const { status, fault } = await run([name, "drawn", ...argv, ...rest], { drawn: [drawn()] }, kernels);
      expect(status).toBe(1);
      expect(fault).toMatch(message);
    }
  });
});
