import { cross, dot, normalize, signal, subtract, scale, type Vec3 } from "#base";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";
import { orientTo } from "../../../src/views/orient-to.ts";
import { planeFrame } from "../../../src/views/plane-frame.ts";
import { isStraight, STRAIGHT } from "../../../src/views/plane-orientation.ts";
import { PLANE_NAMES } from "../../../src/views/plane-name.ts";

const GRID = new ImageGrid({ dims: [100, 80, 60], indexToLps: [1, 0, 0, -20, 0, 1.5, 0, 30, 0, 0, 2, -900] });

const state = () => {
  const look = () => signal({ zoom: 1, panMm: [0, 0] as const });
  return {
    crosshair: signal<Vec3>(GRID.toLps([20, 30, 40])),
    orientation: signal(STRAIGHT),
    planes: { axial: look(), coronal: look(), sagittal: look() },
  };
};

/** How near some plane is to being parallel, as a cosine. */
const nearest = (views: ReturnType<typeof state>, normal: Vec3): number =>
  Math.max(...PLANE_NAMES.map((name) => Math.abs(dot(planeFrame(GRID, name, views.orientation.value).normal, normal))));

it("turns one plane to lie along what was drawn on an oblique one, whichever way it was drawn", () => {
  for (const [a, b] of [
    [
      [1, 0.2, 0],
      [0, 1, 0.7],
    ],
    [
      [-1, 0.2, 0],
      [0, 1, 0.7],
    ],
    [
      [0.3, 0, 1],
      [1, 0.5, 0],
    ],
    [
      [0, 1, 1],
      [1, 1, -1],
    ],
  ] as const satisfies readonly (readonly [Vec3, Vec3])[]) {
    const right = normalize(a);
    const down = normalize(subtract(b, scale(right, dot(b, right))));
    const views = state();
    orientTo(views, GRID, { right, down });
    expect(nearest(views, cross(right, down))).toBeCloseTo(1, 12);
    const { value } = views.orientation;
    orientTo(views, GRID, { right, down });
    expect(views.orientation.value).toBe(value);
  }
});

it("leaves planes that show it already, and straightens those that need no turn", () => {
  const views = state();
  orientTo(views, GRID, { right: [0, 1, 0], down: [0, 0, -1] });
  expect(views.orientation.value).toBe(STRAIGHT);
  orientTo(views, GRID, { right: [1, 0, 0], down: normalize([0, 1, 1]) });
  expect(isStraight(views.orientation.value)).toBe(false);
  orientTo(views, GRID, { right: normalize([1, 1, 0]), down: normalize([1, -1, 0]) });
  expect(isStraight(views.orientation.value)).toBe(true);
});
