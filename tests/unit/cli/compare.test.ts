import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import type { CompareRow } from "#workers";
import { run, series } from "./fake-port.ts";

const label = { voxelType: "uint8" } as const;
const directed = { meanMm: 0.4, hausdorff95Mm: 1.4, hausdorffMm: 2 };
const row: CompareRow = {
  segment: 1,
  voxelsA: 2,
  voxelsB: 3,
  voxelsCommon: 1,
  dice: 0.5,
  jaccard: 0.25,
  sensitivity: 0.5,
  precision: 1 / 3,
  volumeDifference: 0.5,
  hausdorff95Mm: 1.5,
  hausdorffMm: 2,
  meanSurfaceDistanceMm: 0.5,
  medianSurfaceDistanceMm: 0.25,
  surfaceVoxelsA: 2,
  surfaceVoxelsB: 3,
  surfaceVoxelsWithin: 4,
  surfaceDice: 0.8,
  fromAToB: directed,
  fromBToA: directed,
};

/** Kernels that answer any question with one row and remember it. */
function answering(answer: CompareRow, asked: unknown[] = []) {
  return {
    compare: (...question: unknown[]) => {
      asked.push(question[2], question[3]);
      return Promise.resolve([answer]);
    },
  };
}

describe("voxelwright compare", () => {
  it.each([
    [[], []],
    [["--overall"], null],
  ])("says that nothing is to compare where both are empty, %j", async (options, printed) => {
    const inputs = { a: [series(label)], b: [series(label)] };
    const { status, out, notes } = await run(["compare", "a", "b", ...options], inputs, {
      compare: () => Promise.resolve([]),
    });
    expect([status, JSON.parse(out)]).toEqual([0, printed]);
    expect(notes).toEqual(["Both labelmaps are empty: there is nothing to compare."]);
  });

  it("prints the kernel's rows by label", async () => {
    const asked: unknown[] = [];
    const inputs = { a: [series(label, (i) => (i < 4 ? 1 : 0))], b: [series(label, (i) => (i < 5 ? 1 : 0))] };
    const { status, out } = await run(["compare", "a", "b"], inputs, answering(row, asked));
    expect(status).toBe(0);
    expect(asked).toEqual([[1, 1, 2], { toleranceMm: 1 }]);
    expect(JSON.parse(out)).toEqual([
      {
        label: 1,
        dice: 0.5,
        hausdorff95Mm: 1.5,
        meanSurfaceDistanceMm: 0.5,
        voxelsA: 2,
        voxelsB: 3,
        jaccard: 0.25,
        sensitivity: 0.5,
        precision: 1 / 3,
        volumeAMl: 0.004,
        volumeBMl: 0.006,
        volumeDifferenceMl: 0.002,
        volumeDifference: 0.5,
        hausdorffMm: 2,
        medianSurfaceDistanceMm: 0.25,
        surfaceDice: 0.8,
        fromAToB: directed,
        fromBToA: directed,
        name: "Label 1",
      },
    ]);
  });

  it("hands the tolerance on, and refuses one that is none", async () => {
    const asked: unknown[] = [];
    const inputs = { a: [series(label)], b: [series(label)] };
    await run(["compare", "a", "b", "--tolerance", "2.5"], inputs, answering(row, asked));
    expect(asked[1]).toEqual({ toleranceMm: 2.5 });
    for (const odd of ["-1", "wide", "1,2"]) {
      const { status, fault } = await run(["compare", "a", "b", "--tolerance", odd], inputs, answering(row));
      expect([status, fault]).toEqual([1, expect.stringContaining("--tolerance")]);
    }
  });

  it("prints one row over all labels when asked", async () => {
    const inputs = { a: [series(label)], b: [series(label)] };
    const { out } = await run(["compare", "a", "b", "--overall"], inputs, answering(row));
    expect(JSON.parse(out)).toMatchObject({ segments: 1, dice: 0.4, meanDice: 0.5, surfaceDice: 0.8, hausdorffMm: 2 });
  });

  it("says null where there is no distance", async () => {
    const alone = { ...row, dice: 0, hausdorff95Mm: undefined, meanSurfaceDistanceMm: undefined, fromAToB: undefined };
    const { out } = await run(["compare", "a", "b"], { a: [series(label)], b: [series(label)] }, answering(alone));
    expect(JSON.parse(out)).toMatchObject([
      { dice: 0, hausdorff95Mm: null, meanSurfaceDistanceMm: null, fromAToB: null },
    ]);
  });

  it("measures no distances on a sheared grid, and says so", async () => {
    const sheared = {
      ...label,
      grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0.5, 0, 0, 1, 0, 0, 0, 0, 2, 0] },
    } as const;
    const { out, notes } = await run(
      ["compare", "a", "b"],
      { a: [series(sheared)], b: [series(sheared)] },
      answering(row),
    );
    expect(JSON.parse(out)).toMatchObject([
      { dice: 0.5, hausdorff95Mm: null, meanSurfaceDistanceMm: null, surfaceDice: null, jaccard: 0.25 },
    ]);
    expect(notes.join()).toMatch(/not at right angles/);
  });

  it.each<[Affine, readonly [number, number, number], RegExp]>([
    [[1, 0, 0, 0.1, 0, 1, 0, 0, 0, 0, 2, 0], [8, 6, 5], /b: Its voxels lie elsewhere/],
    [[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0], [8, 6, 4], /b: It has 8×6×4 voxels and the first labelmap 8×6×5/],
  ])("refuses labelmaps of different grids", async (indexToLps, dims, line) => {
    const b = series({ ...label, grid: { dims, indexToLps } });
    const { status, fault } = await run(["compare", "a", "b"], { a: [series(label)], b: [b] });
    expect(status).toBe(1);
    expect(fault).toMatch(line);
  });
});
