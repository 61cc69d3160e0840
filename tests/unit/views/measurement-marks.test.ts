import type { SlicePlane } from "#gpu";
import type { Measurement } from "#labelmap";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";
import { marksInVolume, marksOnPlane } from "../../../src/views/measurement-marks.ts";

const GRID = new ImageGrid({ dims: [100, 100, 50], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4, 0] });

const axial = (k: number): SlicePlane => ({
  origin: [0, 0, 4 * k],
  right: [1, 0, 0],
  down: [0, 1, 0],
  mmPerPixel: 0.5,
  width: 200,
  height: 200,
});

const base = { id: 1, name: "m", color: "#ffffff", visible: true, frame: 0 } as const;
const mark = (measurement: Measurement) => ({ measurement, lines: ["50 mm"], selected: false });
const LINE: Measurement = {
  ...base,
  kind: "distance",
  points: [
    [10, 10, 40],
    [60, 10, 40],
  ],
};

it("is on planes within half a slice, faint within two, and nowhere else", () => {
  const shown = (k: number) => marksOnPlane([mark(LINE)], GRID, axial(k), 0).map(({ here }) => here);
  expect([7, 8, 9, 9.5, 10, 10.5, 11, 12, 13].map((k) => shown(k))).toEqual([
    [],
    [false],
    [false],
    [true],
    [true],
    [true],
    [false],
    [false],
    [],
  ]);
});

it("lies at the pixels of its points, with handles only where they can be held", () => {
  const [placed] = marksOnPlane([mark(LINE)], GRID, axial(10), 0);
  expect(placed!.outline).toEqual([
    [20.5, 20.5],
    [120.5, 20.5],
  ]);
  expect(placed!.handles).toHaveLength(2);
  const across: Measurement = {
    ...LINE,
    points: [
      [10, 10, 40],
      [60, 10, 80],
    ],
  };
  const [begins] = marksOnPlane([mark(across)], GRID, axial(10), 0);
  expect([begins!.here, begins!.handles]).toEqual([false, [[20.5, 20.5]]]);
  // Between its ends it goes through every plane.
  expect(marksOnPlane([mark(across)], GRID, axial(15), 0)).toMatchObject([{ here: false, handles: [] }]);
  expect(marksOnPlane([mark(across)], GRID, axial(23), 0)).toEqual([]);
});

it("what is hidden or of another frame is not shown", () => {
  const hidden = mark({ ...LINE, visible: false });
  expect(marksOnPlane([hidden], GRID, axial(10), 0)).toEqual([]);
  expect(marksOnPlane([mark(LINE)], GRID, axial(10), 1)).toEqual([]);
  expect(marksInVolume([hidden, mark(LINE)], 0, () => [1, 2])).toHaveLength(1);
  expect(marksInVolume([mark(LINE)], 0, ([x]) => (x > 20 ? undefined : [1, 2]))).toEqual([]);
});

it("is found on oblique planes by its distance in the steps that they are scrolled by", () => {
  const half = Math.SQRT1_2;
  const cube = new ImageGrid({ dims: [100, 100, 100], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
  const plane = (offMm: number): SlicePlane => ({
    origin: [50 + offMm * half, 50, 50 + offMm * half],
    right: [half, 0, -half],
    down: [0, 1, 0],
    mmPerPixel: 1,
    width: 100,
    height: 100,
  });
  const line: Measurement = {
    ...LINE,
    points: [
      [50, 50, 50],
      [50 + 10 * half, 60, 50 - 10 * half],
    ],
  };
  const here = (offMm: number) => marksOnPlane([mark(line)], cube, plane(offMm), 0).map((placed) => placed.here);
  // A step through a cube at 45° is √2 voxels.
  expect([0.49, -0.49, 0.51, 1.99, 2.01].map((slices) => here(slices * Math.SQRT2))).toEqual([
    [true],
    [true],
    [false],
    [false],
    [],
  ]);
});
