import { INITIAL_TOOLS, applyToolChange, type ToolChange } from "#tools";
import type { Session } from "#session";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";
import { brushRange, roundRadius, sizeBrush, steppedRadius } from "../../../src/ui/brush-size.ts";

const grid = (mm: number): ImageGrid =>
  new ImageGrid({ dims: [64, 64, 64], indexToLps: [mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, mm, 0] });

it("a clinical scan has radii in tenths and hundredths, from 0.1 mm", () => {
  expect(brushRange(1)).toEqual({ least: 0.1, first: 0.2, last: 60, greatest: 200 });
  expect([roundRadius(1.2345, 1), roundRadius(5.678, 1)]).toEqual([1.23, 5.7]);
  expect([steppedRadius(5, 1, 1), steppedRadius(0.25, -1, 1), steppedRadius(199, 1, 1)]).toEqual([5.6, 0.2, 200]);
});

it("a scan of finer voxels has finer ones", () => {
  expect(brushRange(0.02).least).toBeCloseTo(0.002);
  expect([roundRadius(0.0123456, 0.02), steppedRadius(0.1, -1, 0.02)]).toEqual([0.0123, 0.088]);
  expect(steppedRadius(0.0041, -1, 0.02)).toBe(0.004);
});

it("the brush is sized anew where a study has finer voxels, and back; between clinical scans it stays", () => {
  let tools = INITIAL_TOOLS;
  const session = {
    tools: { peek: () => tools },
    setTools: (change: ToolChange) => {
      tools = applyToolChange(tools, change);
    },
  } as unknown as Session;
  const after = (mm: number): number => {
    sizeBrush(session, grid(mm));
    return tools.brush.radiusMm;
  };
  expect([after(0.7), after(0.004), after(0.004), after(1.5), after(0.3)]).toEqual([5, 0.1, 0.1, 5, 5]);
});
