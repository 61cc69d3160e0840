import { describe, expect, it } from "vitest";
import { storedRange } from "../../../src/cli/stored-range.ts";

const range = (
  slope: number,
  intercept: number,
  low: number,
  high: number,
  voxelType: "int16" | "uint8" | "float32" = "int16",
) => storedRange({ rescale: { slope, intercept }, voxelType }, low, high);

describe("a range of shown values in stored ones", () => {
  it.each([
    [range(1, -1024, -200, 300), { low: 824, high: 1324 }],
    [range(2, -1000, -1, 3.5), { low: 500, high: 501 }],
    [range(-1, 0, -5, 3), { low: -3, high: 5 }],
    [range(0.1, 0, 0.3, 0.7), { low: 3, high: 7 }],
    [range(1, 0, -1e9, 1e9, "uint8"), { low: 0, high: 255 }],
    [range(1, 0, 0.2, 0.8), undefined],
    [range(1, 0, 300, 400, "uint8"), undefined],
    [range(0.5, 1, 0.5, 0.75, "float32"), { low: -1, high: -0.5 }],
  ])("%#", (found, expected) => {
    expect(found).toEqual(expected);
  });
});
