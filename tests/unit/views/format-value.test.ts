import { describe, expect, it } from "vitest";
import { formatLps, formatMm, formatRoundMm, scaleBarMm } from "../../../src/views/format-value.ts";

describe("lengths over a picture", () => {
  it("have a digit after the point below 100 mm in a clinical scan", () => {
    expect([0, -0.01, 43.84, 99.94, 1275.2].map((mm) => formatMm(mm, 0.7))).toEqual([
      "0.0 mm",
      "0.0 mm",
      "43.8 mm",
      "99.9 mm",
      "1275 mm",
    ]);
    expect(formatLps([102.56, -22.1, -1274.52], 1.37)).toBe("L\u00a0102.6  A\u00a022.1  I\u00a01274.5");
  });

  it("tell voxels apart, however fine", () => {
    expect([0.004, 0.008, 120].map((mm) => formatMm(mm, 0.004))).toEqual(["0.004 mm", "0.008 mm", "120.000 mm"]);
    expect(formatLps([-0.012, 0.1, 0], 0.004)).toBe("R\u00a00.012  P\u00a00.100  S\u00a00.000");
    expect(formatMm(0.05, 0.05)).toBe("0.05 mm");
  });

  it("of a scale bar are what the bar is, in micrometres below a tenth", () => {
    const bars = [1e-4, 0.0021, 0.009, 0.053, 0.12, 0.7, 12, 60, 140, 2400];
    expect(bars.map((room) => formatRoundMm(scaleBarMm(room / 140, 140)))).toEqual([
      "0.1 µm",
      "2 µm",
      "5 µm",
      "50 µm",
      "0.1 mm",
      "0.5 mm",
      "10 mm",
      "50 mm",
      "100 mm",
      "2000 mm",
    ]);
  });
});
