import { describe, expect, it } from "vitest";
import { type ColorBar, drawColorBars } from "../../../src/views/color-bar.ts";
import { drawMeasurements } from "../../../src/views/draw-measurements.ts";
import type { PlacedMark } from "../../../src/views/measurement-marks.ts";
import { overlap } from "../../../src/views/picture-box.ts";
import { fakePaint } from "./fake-paint.ts";

const bar = (title = ""): ColorBar => ({
  colors: new Uint8Array(1024),
  invert: false,
  title,
  low: "-160 HU",
  high: "240 HU",
});

const line = (change: Partial<PlacedMark> = {}): PlacedMark => ({
  kind: "distance",
  color: "#ffd84d",
  outline: [
    [100, 100],
    [200, 100],
  ],
  handles: [],
  lines: ["54.3 mm"],
  selected: false,
  here: true,
  ...change,
});

describe("words of measurements", () => {
  it("stand in their box, whatever was drawn before", () => {
    const { paint, words, boxes } = fakePaint(400, 400);
    paint.textAlign = "right";
    drawColorBars(paint, [bar()], 1);
    drawMeasurements(paint, [line()], 1);
    const { align, x, width } = words.find(({ text }) => text === "54.3 mm")!;
    expect(align).toBe("start");
    expect(x).toBeGreaterThan(boxes[0]!.x);
    expect(x + width).toBeLessThan(boxes[0]!.x + boxes[0]!.width);
  });

  it("keep off the letters at the edges, also where they are pushed against one", () => {
    const letter = { x: 376, y: 190, width: 16, height: 20 };
    const { paint, boxes } = fakePaint(400, 400);
    // A line across the whole picture: places at both of its ends, below and above it are pushed back into the picture.
    const outline = [
      [0, 200],
      [399, 200],
    ] as const;
    drawMeasurements(paint, [line({ outline })], 1, [letter]);
    expect(overlap(boxes[0]!, letter)).toBe(false);
    const low = [
      [380, 200],
      [399, 200],
    ] as const;
    const others = [letter, { x: 300, y: 150, width: 70, height: 100 }, { x: 340, y: 205, width: 60, height: 40 }];
    const again = fakePaint(400, 400);
    drawMeasurements(again.paint, [line({ outline: low })], 1, others);
    expect(others.some((other) => overlap(again.boxes[0]!, other))).toBe(false);
  });
});

describe("colour bars", () => {
  it("leave the canvas as it was", () => {
    const { paint } = fakePaint(400, 400);
    drawColorBars(paint, [bar("CT"), bar("PET")], 1);
    expect([paint.textAlign, paint.font]).toEqual(["start", ""]);
  });

  it("lie in the middle where there is room, else above the words in the corner", () => {
    const corner = { x: 300, y: 340, width: 90, height: 53 };
    const tall = drawColorBars(fakePaint(400, 400).paint, [bar()], 1, [corner]);
    expect(tall[0]!.y + tall[0]!.height / 2).toBeCloseTo(200, -1);
    for (const count of [1, 2]) {
      const short = { ...corner, y: 150 };
      const bars = [bar("CT"), bar("PET")].slice(0, count);
      const boxes = drawColorBars(fakePaint(400, 210).paint, bars, 1, [short]);
      expect(boxes.length).toBeGreaterThan(0);
      expect(boxes.some((box) => overlap(box, short) || box.y < 0)).toBe(false);
    }
  });

  it("are left out where there is no room", () => {
    const { paint, words } = fakePaint(200, 130);
    expect(drawColorBars(paint, [bar()], 1, [{ x: 100, y: 50, width: 100, height: 70 }])).toEqual([]);
    expect(words).toEqual([]);
  });
});
