import { describe, expect, it } from "vitest";
import { run, series } from "./fake-port.ts";

describe("voxelwright info", () => {
  it("prints the fields of one series", async () => {
    const scan = series({ modality: "CT", unit: "HU", notes: ["Odd."], metadata: { Patient: "X" }, frames: 2 });
    const { status, out } = await run(["info", "scan"], { scan: [scan] });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      name: "case",
      dims: [8, 6, 5],
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0],
      spacingMm: [1, 1, 2],
      originMm: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      missingSpacing: [],
      voxelType: "int16",
      modality: "CT",
      frames: 2,
      format: "test",
      rescale: { slope: 1, intercept: 0 },
      unit: "HU",
      notes: ["Odd."],
      metadata: { Patient: "X" },
    });
  });

  it("gives an uneven stack no affine but its positions", async () => {
    const grid = {
      dims: [8, 6, 3] as const,
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const,
      sliceOffsetsMm: [0, 4, 11],
    };
    const { out } = await run(["info", "scan"], { scan: [series({ grid })] });
    expect(JSON.parse(out)).toMatchObject({ indexToLps: null, sliceOffsetsMm: [0, 4, 11], spacingMm: [1, 1, 4] });
  });

  it("lists several series and what was refused", async () => {
    const refused = [{ name: "notes.txt", message: "It is a text." }];
    const { out } = await run(["info", "scan"], {
      scan: { series: [series({ name: "a" }), series({ name: "b" })], refused },
    });
    const listed = JSON.parse(out) as { series: { number: number; id: string }[]; refused: unknown };
    expect(listed.series.map(({ number, id }) => [number, id])).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    expect(listed.refused).toEqual(refused);
  });

  it("ends with the fault of the first file when nothing can be opened", async () => {
    const refused = [
      { name: "x.nii", message: "The file ends early." },
      { name: "y.nii", message: "Too." },
    ];
    const { status, fault } = await run(["info", "scan"], { scan: { series: [], refused } });
    expect([status, fault]).toEqual([1, "voxelwright: x.nii: The file ends early. 1 more files were refused."]);
  });
});

describe("--series", () => {
  const two = [series({ name: "a" }), series({ name: "b" })];

  it.each([
    [[], /holds 2 series\. Choose with --series ID or number: 1 a, 2 b\./],
    [["--series", "3"], /no series "3"/],
  ])("%j is refused where there are two", async (more, line) => {
    const { status, fault } = await run(["convert", "scan", "/tmp/voxelwright-never.nii", ...more], { scan: two });
    expect(status).toBe(1);
    expect(fault).toMatch(line);
  });
});
