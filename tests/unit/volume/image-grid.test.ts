import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import { ImageGrid, type IndexIjk } from "#volume";
import { randomFrom } from "../../fixtures/random.ts";

const OBLIQUE: Affine = [0.9, 0.1, 0, -12, -0.1, 0.9, 0.4, 5, 0, -0.3, 2.5, 40];

describe("ImageGrid", () => {
  it("maps an index to LPS and back for an oblique, sheared grid", () => {
    const grid = new ImageGrid({ dims: [10, 20, 30], indexToLps: OBLIQUE });
    const random = randomFrom(7);
    for (let n = 0; n < 100; n++) {
      const ijk: IndexIjk = [random() * 10, random() * 20, random() * 30];
      grid.toIndex(grid.toLps(ijk)).forEach((value, axis) => expect(value).toBeCloseTo(ijk[axis]!, 9));
    }
  });

  it("keeps the true positions of an uneven stack", () => {
    const indexToLps: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 100];
    const grid = new ImageGrid({ dims: [4, 4, 4], indexToLps, sliceOffsetsMm: [0, 5, 10, 20] });
    expect(grid.regular).toBe(false);
    expect(grid.toLps([0, 0, 3])).toEqual([0, 0, 120]);
    expect(grid.toLps([0, 0, 2.5])).toEqual([0, 0, 115]);
    expect(grid.toIndex([0, 0, 115])[2]).toBeCloseTo(2.5);
    expect(grid.spacingMm[2]).toBe(5);
    expect([0, 1, 2, 3].map((k) => grid.voxelVolumeMm3(k))).toEqual([5, 5, 7.5, 10]);
  });

  it("says when axes are not at right angles", () => {
    expect(new ImageGrid({ dims: [2, 2, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0.2, 1, 0] }).sheared).toBe(true);
    expect(new ImageGrid({ dims: [2, 2, 2], indexToLps: [0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 3, 0] }).sheared).toBe(false);
  });

  it.each([
    ["dims of zero", { dims: [0, 1, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }],
    ["a singular affine", { dims: [1, 1, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] }],
    ["NaN in the affine", { dims: [1, 1, 1], indexToLps: [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }],
    [
      "offsets that do not ascend",
      { dims: [1, 1, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], sliceOffsetsMm: [1, 1] },
    ],
  ] as const)("refuses %s", (_title, data) => {
    expect(() => new ImageGrid(data as never)).toThrow();
  });

  it("accepts very small and very large voxels", () => {
    for (const size of [1e-4, 1e4]) {
      const grid = new ImageGrid({ dims: [2, 2, 2], indexToLps: [size, 0, 0, 0, 0, size, 0, 0, 0, 0, size, 0] });
      expect(grid.toIndex([size, size, size])[0]).toBeCloseTo(1);
    }
  });
});
