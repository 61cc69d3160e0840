import type { ShownStatistics } from "#export";
import { describe, expect, it } from "vitest";
import { STATISTICS_GROUPS, statisticsColumns } from "../../../src/ui/dialogs/statistics-columns.ts";

const row: ShownStatistics = {
  segment: 1,
  name: "Heart",
  voxels: 1234,
  volumeMl: 2.5,
  mean: 41.234567,
  sd: 3,
  min: -100,
  max: 200,
  unit: "HU",
  median: 40,
  p5: -20,
  p25: 10,
  p75: 60,
  p95: 150,
};

const cells = (group: "values" | "shape" | "place", of: ShownStatistics) =>
  Object.fromEntries(statisticsColumns(group, "HU").map((column) => [column.title, column.of(of)]));

describe("columns of the statistics table", () => {
  it("show values with their unit", () => {
    expect(cells("values", row)).toMatchObject({
      Voxels: "1,234",
      "Volume (ml)": "2.500",
      "Mean (HU)": "41.235",
      Median: "40",
      "95 %": "150",
    });
  });

  it("show a dash where there is nothing to say", () => {
    const none = { ...row, voxels: 0, mean: Number.NaN, median: Number.NaN };
    expect(cells("values", none)).toMatchObject({ Voxels: "0", "Mean (HU)": "–", Median: "–" });
    for (const group of ["shape", "place"] as const) {
      for (const text of Object.values(cells(group, none))) expect(text).toBe("–");
    }
  });

  it("show shape and place, without what a sheared grid does not allow", () => {
    const measured: ShownStatistics = {
      ...row,
      centroidLps: [1.25, -2, 3],
      box: { min: [0, 1, 2], max: [10, 21, 32] },
      shape: {
        meshAreaMm2: 123.456,
        meshVolumeMm3: 2400,
        croftonAreaMm2: undefined,
        sphericity: 0.98765,
        feretMm: 12.34,
        principalMomentsMm2: [1, 2, 3],
        principalAxes: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        elongation: 1.234,
        flatness: 1.5,
        orientedBox: { originLps: [0, 0, 0], sizeMm: [1, 2.25, 3] },
      },
    };
    expect(cells("shape", measured)).toEqual({
      "Surface (mm²)": "123.46",
      "Crofton (mm²)": "–",
      Sphericity: "0.988",
      "Diameter (mm)": "12.3",
      Elongation: "1.23",
      Flatness: "1.50",
      "Oriented box (mm)": "1.0 × 2.3 × 3.0",
    });
    expect(cells("place", measured)).toEqual({
      "Centre (L, P, S in mm)": "1.3, -2.0, 3.0",
      "First voxel (i, j, k)": "0, 1, 2",
      "Box (voxels)": "10 × 20 × 30",
    });
  });

  it("say what they are", () => {
    for (const { value } of STATISTICS_GROUPS) {
      for (const { title, hint } of statisticsColumns(value, "")) expect(hint.length, title).toBeGreaterThan(8);
    }
  });
});
