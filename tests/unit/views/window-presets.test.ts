import { automaticWindow } from "#views";
import type { VoxelArray } from "#volume";
import { describe, expect, it } from "vitest";
import { formatWindow } from "../../../src/views/format-value.ts";

const PLAIN = { slope: 1, intercept: 0 };

/** Where a value lies in the window: 0 black, 1 white. */
const greyOf = (value: number, voxels: VoxelArray, rescale = PLAIN): number => {
  const { center, width } = automaticWindow(voxels, rescale);
  return (value - center) / width + 0.5;
};

describe("the automatic window", () => {
  it("spans floats of any range, however small", () => {
    for (const scale of [2.5e-9, 0.0025, 0.01, 1, 1e6, 1e30]) {
      const map = Float32Array.from({ length: 1000 }, (_, n) => (n / 999) * scale);
      expect(greyOf(0, map)).toBeCloseTo(0, 1);
      expect(greyOf(scale, map)).toBeCloseTo(1, 1);
    }
  });

  it("is never narrower than a step of integers, or than what floats resolve", () => {
    expect(automaticWindow(new Int16Array(100).fill(7), { slope: 2, intercept: -10 })).toEqual({ center: 4, width: 2 });
    const close = Float32Array.from({ length: 100 }, (_, n) => 1000 + (n % 2) * 1e-4);
    expect(automaticWindow(close, PLAIN).width).toBeCloseTo(0.01, 5);
  });

  it("shows a constant image as the middle grey", () => {
    for (const value of [0, 0.003, -5, 7e8]) expect(greyOf(value, new Float32Array(100).fill(value))).toBeCloseTo(0.5);
    for (const value of [0, 77]) expect(greyOf(value, new Uint8Array(100).fill(value))).toBe(0.5);
  });
});

it("says a window with the digits that its width deserves", () => {
  const said = (width: number, center: number): string => formatWindow({ center, width });
  expect([said(400, 40), said(8, 32), said(1, -0.001)]).toEqual(["W 400  L 40", "W 8.00  L 32.00", "W 1.00  L 0.00"]);
  expect([said(0.0025, 0.00125), said(0.01, 0.005)]).toEqual(["W 0.00250  L 0.00125", "W 0.0100  L 0.0050"]);
  expect(said(629_999_992_832, 314_999_996_416)).toBe("W 6.30e11  L 3.15e11");
  expect([said(2e6, 1), said(2.5e-7, 1e-3)]).toEqual(["W 2.00e6  L 0", "W 2.50e-7  L 1.000000e-3"]);
});
