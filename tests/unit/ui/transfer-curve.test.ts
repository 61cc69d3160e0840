import { describe, expect, it } from "vitest";
import {
  addPoint,
  type CurvePoint,
  fromHex,
  heightOf,
  movePoint,
  opacityAt,
  removePoint,
  shiftPoints,
  toHex,
} from "../../../src/ui/parts/transfer-curve.ts";

const POINTS: readonly CurvePoint[] = [
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 100, opacity: 0.2, color: [1, 0, 0] },
  { value: 300, opacity: 0.8, color: [1, 1, 1] },
];
const values = (points: readonly CurvePoint[]): number[] => points.map(({ value }) => value);

describe("points of a transfer function", () => {
  it("stop at their neighbours, and the ends stay apart", () => {
    expect(values(movePoint(POINTS, 1, 500, 0.5))).toEqual([0, 300, 300]);
    expect(values(movePoint(POINTS, 1, -7, 0.5))).toEqual([0, 0, 300]);
    const two = [POINTS[0]!, POINTS[2]!];
    expect(values(movePoint(two, 0, 300, 0.5))).toEqual([0, 300]);
  });

  it("are added in order, in the colour of the curve there", () => {
    const { points, at } = addPoint(POINTS, 200, 0.4);
    expect([values(points), at]).toEqual([[0, 100, 200, 300], 2]);
    expect(points[2]!.color).toEqual([1, 0.5, 0.5]);
    expect(addPoint(POINTS, -50, 0).at).toBe(0);
    expect(addPoint(POINTS, 999, 0).points.at(-1)!.color).toEqual([1, 1, 1]);
  });

  it("are taken out while two stay", () => {
    expect(values(removePoint(POINTS, 1))).toEqual([0, 300]);
    expect(values(removePoint([POINTS[0]!, POINTS[2]!], 0))).toEqual([0, 300]);
  });

  it("move together", () => {
    expect(values(shiftPoints(POINTS, -30))).toEqual([-30, 70, 270]);
  });

  it("are drawn on a root scale, both ways", () => {
    for (const opacity of [0, 0.01, 0.25, 1]) expect(opacityAt(heightOf(opacity))).toBeCloseTo(opacity);
  });

  it("keep their colour through the colour field", () => {
    expect(toHex([1, 0.5, 0])).toBe("#ff8000");
    expect(toHex(fromHex("#1a2b3c"))).toBe("#1a2b3c");
  });
});
