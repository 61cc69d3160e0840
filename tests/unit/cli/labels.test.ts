import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BRICK_VOXELS } from "#volume";
import type { FillRequest, GrowRequest, KernelLabels } from "#workers";
import { run, series } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Voxels of a file that was written as .nii: 8-bit, 8 × 6 × 5. */
async function written(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path)).subarray(352);
}

describe("voxelwright grow", () => {
  it("asks the kernel in stored values and writes what it grew", async () => {
    let asked: GrowRequest | undefined;
    const mask = new Uint8Array(BRICK_VOXELS / 8);
    mask[0] = 0b110;
    const kernels = {
      grow: (_image: unknown, request: GrowRequest) => {
        asked = request;
        return Promise.resolve({
          kind: "mask" as const,
          segment: request.segment,
          bricks: new Map([[0, mask]]),
          voxels: 2,
        });
      },
    };
    const scan = series({ rescale: { slope: 2, intercept: -1000 } }, (i) => 500 + i);
    const out = join(folder, "grown.nii");
    const argv = [
      "grow",
      "scan",
      "--seed",
      "1,0,0",
      "--seed",
      "7,5,4",
      "--range",
      "-1,3.5",
      "--label",
      "7",
      "--connectivity",
      "26",
    ];
    const { status, out: printed, notes, fault } = await run([...argv, "-o", out], { scan: [scan] }, kernels);
    expect([status, fault]).toEqual([0, ""]);
    expect(asked).toEqual({
      seeds: [
        [1, 0, 0],
        [7, 5, 4],
      ],
      range: { low: 500, high: 501 },
      connectivity: 26,
      segment: 7,
    });
    expect(JSON.parse(printed)).toEqual({ changed: 2, milliseconds: expect.any(Number) as number });
    expect([...(await written(out)).subarray(0, 4)]).toEqual([0, 7, 7, 0]);
    expect(notes.join("\n")).toContain("Seed 7,5,4 has the value 14, outside the range.");
    expect(await readdir(folder)).toEqual(["grown.nii"]);
  });

  it("says of a seed without a number that nothing grows from it", async () => {
    const holed = series({ voxelType: "float32" }, (i) => [5, Number.NaN, Number.NEGATIVE_INFINITY][i] ?? 6);
    const grow = () => Promise.resolve({ kind: "mask" as const, segment: 1, bricks: new Map(), voxels: 0 });
    const seeds = ["0,0,0", "1,0,0", "2,0,0"].flatMap((seed) => ["--seed", seed]);
    const argv = ["grow", "scan", ...seeds, "--confidence", "2,3,1", "-o", join(folder, "holed.nii")];
    const { status, notes } = await run(argv, { scan: [holed] }, { grow });
    await rm(join(folder, "holed.nii"));
    expect(status).toBe(0);
    expect(notes).toEqual([
      "Seed 1,0,0 has the value NaN, from which nothing grows.",
      "Seed 2,0,0 has the value -Infinity, from which nothing grows.",
    ]);
  });

  it("writes an empty labelmap when no stored value is in the range", async () => {
    const out = join(folder, "none.nii.gz");
    const argv = ["grow", "scan", "--seed", "0,0,0", "--range", "0.2,0.8", "-o", out];
    const { status, out: printed } = await run(argv, { scan: [series()] });
    expect([status, JSON.parse(printed)]).toEqual([0, { changed: 0, milliseconds: 0 }]);
    expect(gunzipSync(await readFile(out)).length).toBe(352 + 8 * 6 * 5);
  });
});

describe("voxelwright fill", () => {
  it("adds what the kernel proposes where no label is", async () => {
    const kernels = {
      fill: (labels: KernelLabels, request: FillRequest) => {
        expect(request).toEqual({ spacingMm: [1, 1, 2], method: "shape" });
        const brick = labels.readBrick(0)!.slice();
        const proposed = new Uint16Array(BRICK_VOXELS);
        proposed.fill(9, 0, 3);
        expect([...brick.subarray(0, 3)]).toEqual([0, 5, 0]);
        return Promise.resolve({ kind: "labels" as const, bricks: new Map([[0, proposed]]), voxels: 3 });
      },
    };
    const drawn = series({ voxelType: "uint8" }, (i, j, k) => (i === 1 && j === 0 && k === 0 ? 5 : 0));
    const out = join(folder, "filled.nii");
    const { status, out: printed, fault } = await run(["fill", "drawn", "-o", out], { drawn: [drawn] }, kernels);
    expect([status, fault]).toEqual([0, ""]);
    expect((JSON.parse(printed) as { changed: number }).changed).toBe(2);
    expect([...(await written(out)).subarray(0, 3)]).toEqual([9, 5, 9]);
  });

  it.each([
    [series({ name: "ct" }, () => -3), /ct: Voxel \(0, 0, 0\) holds -3, which is outside 0 to 65535/],
    [series({ name: "soft", voxelType: "float32" }, () => 0.5), /0\.5, which is no whole number/],
    [series({ name: "layers", frames: 2 }, () => 1), /layers: It has 2 layers or frames/],
  ])("refuses what is no labelmap", async (input, line) => {
    const { status, fault } = await run(["fill", "drawn", "-o", join(folder, "never.nii")], { drawn: [input] });
    expect(status).toBe(1);
    expect(fault).toMatch(line);
    expect(await readdir(folder)).not.toContain("never.nii");
  });
});

describe("voxelwright convert", () => {
  it("keeps whole shown values whole in a format without a rescale", async () => {
    const out = join(folder, "shown.nrrd");
    const scan = series({ voxelType: "uint16", rescale: { slope: 1, intercept: -1000 } }, (i, j, k) => i + j + k);
    const { status, notes } = await run(["convert", "scan", out], { scan: [scan] });
    expect(status).toBe(0);
    expect(notes.join()).toMatch(/shown values .* as int16/);
    expect((await readFile(out)).subarray(0, 200).toString()).toContain("type: int16");
  });

  it("keeps names of segments in a .seg.nrrd", async () => {
    const out = join(folder, "named.seg.nrrd");
    const segments = [{ layer: 0, value: 2, name: "Cord", color: "#ff0000" }];
    const labels = series({ voxelType: "uint8" }, (i) => (i === 3 ? 2 : 0), { segments });
    expect((await run(["convert", "labels", out], { labels: [labels] })).status).toBe(0);
    expect((await readFile(out)).subarray(0, 900).toString("latin1")).toMatch(
      /Segment0_Color:=1 0 0\n[^]*Segment0_Name:=Cord\n/,
    );
  });

  it("leaves no file behind when the source fails", async () => {
    const out = join(folder, "broken.nii.gz");
    const broken = series({}, (_i, _j, k) => {
      if (k === 3) throw new Error("the stick was pulled");
      return 1;
    });
    const { status, fault } = await run(["convert", "scan", out], { scan: [broken] });
    expect([status, fault]).toEqual([1, expect.stringContaining("the stick was pulled")]);
    expect((await readdir(folder)).filter((name) => name.startsWith("broken"))).toEqual([]);
  });
});
