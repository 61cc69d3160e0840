import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import { ImageGrid } from "#volume";
import { labelAgreement } from "../../../src/cli/label-agreement.ts";
import { PointTree } from "../../../src/cli/point-tree.ts";
import { bricksOf, strewn } from "../export/cases.ts";
import { run, series } from "./fake-port.ts";

const dims = [70, 12, 9] as const;
const indexToLps: Affine = [0.7, 0, 0.2, 5, 0, 0.7, 0, -3, 0, 0, 2, 9];
const grid = new ImageGrid({ dims, indexToLps });

function box(low: readonly number[], high: readonly number[], label = 1): Uint16Array {
  const dense = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let k = low[2]!; k < high[2]!; k++) {
    for (let j = low[1]!; j < high[1]!; j++)
      dense.fill(label, (k * 12 + j) * 70 + low[0]!, (k * 12 + j) * 70 + high[0]!);
  }
  return dense;
}

/** Surface distances as their definition has them: every surface voxel against every other. */
function plainDistances(a: Uint16Array, b: Uint16Array) {
  const surface = (dense: Uint16Array) => {
    const at = (i: number, j: number, k: number) =>
      i < 0 || j < 0 || k < 0 || i >= 70 || j >= 12 || k >= 9 ? 0 : dense[(k * 12 + j) * 70 + i]!;
    const points: (readonly [number, number, number])[] = [];
    for (let n = 0; n < dense.length; n++) {
      const [i, j, k] = [n % 70, Math.floor(n / 70) % 12, Math.floor(n / 840)];
      if (at(i, j, k) !== 1) continue;
      const sides = [
        at(i - 1, j, k),
        at(i + 1, j, k),
        at(i, j - 1, k),
        at(i, j + 1, k),
        at(i, j, k - 1),
        at(i, j, k + 1),
      ];
      if (sides.some((label) => label !== 1)) points.push(grid.toLps([i, j, k]));
    }
    return points;
  };
  const from = (x: ReturnType<typeof surface>, y: ReturnType<typeof surface>) =>
    x
      .map((p) => Math.min(...y.map((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]))))
      .toSorted((p, q) => p - q);
  const [pa, pb] = [surface(a), surface(b)];
  const [ab, ba] = [from(pa, pb), from(pb, pa)];
  const p95 = (x: number[]) => x[Math.ceil(0.95 * x.length) - 1]!;
  return {
    hausdorff95Mm: Math.max(p95(ab), p95(ba)),
    meanSurfaceDistanceMm: [...ab, ...ba].reduce((sum, d) => sum + d, 0) / (ab.length + ba.length),
  };
}

describe("agreement of labelmaps", () => {
  it("is what the definitions say, on a sheared grid and over brick borders", () => {
    const a = box([55, 2, 1], [69, 9, 7]);
    const b = box([60, 3, 2], [70, 12, 9]);
    const [row] = labelAgreement(grid, bricksOf(dims, a), bricksOf(dims, b));
    const plain = plainDistances(a, b);
    expect(row!.voxelsA).toBe(14 * 7 * 6);
    expect(row!.voxelsB).toBe(10 * 9 * 7);
    expect(row!.dice).toBeCloseTo((2 * 9 * 6 * 5) / (row!.voxelsA + row!.voxelsB), 12);
    expect(row!.hausdorff95Mm).toBeCloseTo(plain.hausdorff95Mm, 10);
    expect(row!.meanSurfaceDistanceMm).toBeCloseTo(plain.meanSurfaceDistanceMm, 10);
  });

  it("of a labelmap with itself is whole", () => {
    const dense = strewn(dims, [3, 400]);
    const rows = labelAgreement(grid, bricksOf(dims, dense), bricksOf(dims, dense));
    expect(
      rows.map(({ label, dice, hausdorff95Mm, meanSurfaceDistanceMm }) => [
        label,
        dice,
        hausdorff95Mm,
        meanSurfaceDistanceMm,
      ]),
    ).toEqual([
      [3, 1, 0, 0],
      [400, 1, 0, 0],
    ]);
  });

  it("has no distance where one labelmap lacks the label", () => {
    const rows = labelAgreement(
      grid,
      bricksOf(dims, box([0, 0, 0], [2, 2, 2])),
      bricksOf(dims, box([0, 0, 0], [2, 2, 2], 2)),
    );
    expect(rows).toEqual([
      { label: 1, dice: 0, hausdorff95Mm: null, meanSurfaceDistanceMm: null, voxelsA: 8, voxelsB: 0 },
      { label: 2, dice: 0, hausdorff95Mm: null, meanSurfaceDistanceMm: null, voxelsA: 0, voxelsB: 8 },
    ]);
  });

  it("nearest points are those of a plain search, duplicates and all", () => {
    let state = 7;
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    // A coarse lattice gives many equal coordinates.
    const points = Float64Array.from({ length: 3 * 500 }, () => Math.floor(random() * 12));
    const tree = new PointTree(points.slice());
    for (let n = 0; n < 300; n++) {
      const at = [random() * 14 - 1, random() * 14 - 1, random() * 14 - 1] as const;
      let nearest = Number.POSITIVE_INFINITY;
      for (let p = 0; p < points.length; p += 3) {
        nearest = Math.min(nearest, Math.hypot(points[p]! - at[0], points[p + 1]! - at[1], points[p + 2]! - at[2]));
      }
      expect(tree.distance(...at)).toBeCloseTo(nearest, 12);
    }
  });
});

describe("voxelwright compare", () => {
  const label = { voxelType: "uint8" } as const;

  it("prints a row for each label", async () => {
    const inputs = { a: [series(label, (i) => (i < 4 ? 1 : 0))], b: [series(label, (i) => (i < 5 ? 1 : 0))] };
    const { status, out } = await run(["compare", "a", "b"], inputs);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ label: 1, dice: 8 / 9, hausdorff95Mm: 1, voxelsA: 120, voxelsB: 150 }]);
  });

  it.each([
    [[1, 0, 0, 0.1, 0, 1, 0, 0, 0, 0, 2, 0] as const, [8, 6, 5] as const, /b: Its voxels lie elsewhere/],
    [
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0] as const,
      [8, 6, 4] as const,
      /b: It has 8×6×4 voxels and the first labelmap 8×6×5/,
    ],
  ])("refuses labelmaps of different grids", async (affine, otherDims, line) => {
    const b = series({ ...label, grid: { dims: otherDims, indexToLps: affine } });
    const { status, fault } = await run(["compare", "a", "b"], { a: [series(label)], b: [b] });
    expect(status).toBe(1);
    expect(fault).toMatch(line);
  });
});
