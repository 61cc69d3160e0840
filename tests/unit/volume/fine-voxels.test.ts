import { fineScale, finestMm, ImageGrid } from "#volume";
import { expect, it } from "vitest";

const grid = (i: number, j: number, k: number, sliceOffsetsMm?: readonly number[]): ImageGrid =>
  new ImageGrid({
    dims: [8, 8, sliceOffsetsMm?.length ?? 8],
    indexToLps: [-i, 0, 0, 0, 0, j, 0, 0, 0, 0, k, 0],
    ...(sliceOffsetsMm ? { sliceOffsetsMm } : {}),
  });

it("scales lengths with voxels that are finer than those of clinical scans, and only then", () => {
  expect([grid(0.7, 0.7, 1.25), grid(0.2, 0.2, 0.2)].map(fineScale)).toEqual([1, 1]);
  expect(fineScale(grid(0.004, 0.004, 0.006))).toBeCloseTo(0.02, 9);
});

it("takes the mean of uneven gaps: two slices that nearly coincide make no micro-CT", () => {
  expect(finestMm(grid(0.7, 0.7, 1, [0, 5, 5.01, 10]))).toBe(0.7);
  expect(finestMm(grid(0.7, 0.7, 1, [0, 0.1, 0.3]))).toBeCloseTo(0.15);
});
