import { describe, expect, it } from "vitest";
import { ImageGrid } from "#volume";
import { missingSlices } from "../../../src/views/missing-slices.ts";

const grid = new ImageGrid({ dims: [10, 20, 30], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0] });
const plane = (right: readonly [number, number, number], down: readonly [number, number, number]) => ({
  origin: [0, 0, 0] as const,
  right,
  down,
  mmPerPixel: 1,
  width: 100,
  height: 100,
});

describe("the part of a plane whose slices are still to come", () => {
  it("is nothing when all slices are there", () => {
    expect(missingSlices(grid, plane([1, 0, 0], [0, 1, 0]), 2, 29, 30)).toBeUndefined();
  });

  it("is the whole of a slice that is not there, and nothing of one that is", () => {
    const axial = plane([1, 0, 0], [0, 1, 0]);
    expect(missingSlices(grid, axial, 2, 9, 10)).toBeUndefined();
    expect(missingSlices(grid, axial, 2, 10, 10)).toEqual([
      [-0.5, -0.5],
      [9.5, -0.5],
      [9.5, 19.5],
      [-0.5, 19.5],
    ]);
  });

  it("begins half a voxel before the first missing slice on a plane across the slices", () => {
    expect(missingSlices(grid, plane([1, 0, 0], [0, 0, 1]), 1, 5, 10)).toEqual([
      [-0.5, 19],
      [9.5, 19],
      [9.5, 59],
      [-0.5, 59],
    ]);
  });
});
