import { describe, expect, it } from "vitest";
import { type SliceStatus, sliceStatusText } from "../../../src/views/slice-status.ts";

const SHOWN = { full: false, behind: false };
const WHOLE: SliceStatus = {
  level: 0,
  coarsest: 0,
  levelCount: 4,
  missing: 0,
  limited: false,
  crowded: false,
  rounded: false,
  overlays: [],
};

describe("the line that says what a plane shows", () => {
  const cases: readonly [string, Partial<SliceStatus>, string][] = [
    ["all of it", {}, "Level 0"],
    ["bricks on their way", { coarsest: 2, missing: 3 }, "Level 2 of 3, loading"],
    ["a zoom beyond the budget", { level: 1, coarsest: 1, limited: true }, "Level 1 of 3, limited by GPU memory"],
    ["no room beside other views", { coarsest: 3, missing: 2, crowded: true }, "Level 3 of 3, limited by GPU memory"],
    ["values that were rounded", { rounded: true }, "Level 0, values rounded to 24 bits"],
  ];
  for (const [name, change, line] of cases) {
    it(`tells ${name}`, () => expect(sliceStatusText({ ...WHOLE, ...change }, 0, SHOWN)).toBe(line));
  }

  it("tells what could not be read, and labels without room, before all else", () => {
    expect(sliceStatusText({ ...WHOLE, missing: 2 }, 2, SHOWN)).toBe("Level 0, 2 bricks unreadable");
    expect(sliceStatusText(WHOLE, 0, { ...SHOWN, full: true })).toMatch(/labels is full/);
    expect(sliceStatusText(WHOLE, 0, { ...SHOWN, behind: true })).toMatch(/labels loading$/);
    expect(sliceStatusText(undefined, 0, SHOWN)).toBe("");
  });
});
