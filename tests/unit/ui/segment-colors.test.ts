import { describe, expect, it } from "vitest";
import { nextSegmentColor, SEGMENT_COLORS } from "../../../src/ui/segment-colors.ts";
import { segment } from "./fake-port.ts";

describe("the colour of a new segment", () => {
  it("is one that no segment has", () => {
    const first = segment(1, "a", SEGMENT_COLORS[0]!.toUpperCase());
    expect(nextSegmentColor([first])).toBe(SEGMENT_COLORS[1]);
  });

  it("fills gaps, then begins again", () => {
    const all = SEGMENT_COLORS.map((color, n) => segment(n + 1, "x", color));
    expect(nextSegmentColor(all.slice(1))).toBe(SEGMENT_COLORS[0]);
    expect(nextSegmentColor(all)).toBe(SEGMENT_COLORS[0]);
    expect(nextSegmentColor([...all, segment(99, "x", SEGMENT_COLORS[0]!)])).toBe(SEGMENT_COLORS[1]);
  });
});
