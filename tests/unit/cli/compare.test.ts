import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import type { CompareRow } from "#workers";
import { run, series } from "./fake-port.ts";

const label = { voxelType: "uint8" } as const;
const row = { segment: 1, voxelsA: 2, voxelsB: 3, dice: 0.5, hausdorff95Mm: 1.5, meanSurfaceDistanceMm: 0.5 };

/** Kernels that answer any question with one row and remember it. */
function answering(answer: CompareRow, asked: unknown[] = []) {
  return {
    compare: (...question: unknown[]) => {
      asked.push(question[2]);
      return Promise.resolve([answer]);
    },
  };
}

describe("voxelwright compare", () => {
  it("prints the kernel's rows by label", async () => {
    const asked: unknown[] = [];
    const inputs = { a: [series(label, (i) => (i < 4 ? 1 : 0))], b: [series(label, (i) => (i < 5 ? 1 : 0))] };
    const { status, out } = await run(["compare", "a", "b"], inputs, answering(row, asked));
    expect(status).toBe(0);
    expect(asked).toEqual([[1, 1, 2]]);
    expect(JSON.parse(out)).toEqual([
      { label: 1, dice: 0.5, hausdorff95Mm: 1.5, meanSurfaceDistanceMm: 0.5, voxelsA: 2, voxelsB: 3 },
    ]);
  });

  it("says null where there is no distance", async () => {
    const alone = { ...row, dice: 0, hausdorff95Mm: undefined, meanSurfaceDistanceMm: undefined };
    const { out } = await run(["compare", "a", "b"], { a: [series(label)], b: [series(label)] }, answering(alone));
    expect(JSON.parse(out)).toMatchObject([{ dice: 0, hausdorff95Mm: null, meanSurfaceDistanceMm: null }]);
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
    expect(JSON.parse(out)).toMatchObject([{ dice: 0.5, hausdorff95Mm: null, meanSurfaceDistanceMm: null }]);
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
