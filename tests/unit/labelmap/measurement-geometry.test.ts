import { add, cross, dot, length, normalize, scale, subtract, type Vec3 } from "#base";
import {
  angleDeg,
  ellipsePerimeter,
  handlesOf,
  type Measurement,
  measuredSize,
  movedHandle,
  outlineOf,
  planeShape,
  shapeContains,
} from "#labelmap";
import { expect, it } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";

/** A plane that lies anyhow. */
const right = normalize([3, 2, -1]);
const down = normalize(cross(right, [0.2, 1, 0.7]));
const on = (u: number, v: number): Vec3 => add([12, -40, 7], add(scale(right, u), scale(down, v)));

const shape = (kind: "rectangle" | "ellipse", width: number, height: number) => ({
  kind,
  points: [on(-5, 2), on(-5 + width, 2 + height)] as Vec3[],
  plane: { right, down },
});

it("distance is Euclidean in patient space", () => {
  expect(
    measuredSize({
      kind: "distance",
      points: [
        [1, 2, 3],
        [4, 6, 15],
      ],
    }),
  ).toEqual({ lengthMm: 13 });
});

it("angle at the vertex, small, right, flat and obtuse", () => {
  const at = (degrees: number): Vec3 => {
    const t = (degrees * Math.PI) / 180;
    return add([5, 5, 5], add(scale(right, 7 * Math.cos(t)), scale(down, 7 * Math.sin(t))));
  };
  for (const degrees of [1e-6, 0.5, 30, 90, 135, 179.999999, 180]) {
    expect(angleDeg(add([5, 5, 5], scale(right, 3)), [5, 5, 5], at(degrees))).toBeCloseTo(degrees, 7);
  }
});

it("area and perimeter of a rectangle on an oblique plane, drawn from any corner", () => {
  for (const [w, h] of [
    [8, 3],
    [-8, 3],
    [8, -3],
    [-8, -3],
  ] as const) {
    const size = measuredSize(shape("rectangle", w, h));
    expect(size.widthMm).toBeCloseTo(8, 12);
    expect(size.heightMm).toBeCloseTo(3, 12);
    expect(size.areaMm2).toBeCloseTo(24, 11);
    expect(size.perimeterMm).toBeCloseTo(22, 12);
  }
});

it("outline of an ellipse is that of a polygon of a million sides", () => {
  for (const [a, b] of [
    [5, 5],
    [5, 3],
    [1, 40],
    [1000, 0.5],
    [3, 0],
  ] as const) {
    let sum = 0;
    const steps = 1_000_000;
    for (let n = 0; n < steps; n++) {
      // The speed along the ellipse: its mean over a turn converges faster than any power.
      const t = (2 * Math.PI * (n + 0.5)) / steps;
      sum += Math.hypot(a * Math.sin(t), b * Math.cos(t));
    }
    const reference = (sum * 2 * Math.PI) / steps;
    expect(Math.abs(ellipsePerimeter(a, b) - reference) / reference, `${a} × ${b}`).toBeLessThan(1e-9);
  }
  expect(measuredSize(shape("ellipse", 10, 6)).areaMm2).toBeCloseTo(Math.PI * 15, 11);
});

it("holds its outline, and what lies a little outside not", () => {
  for (const kind of ["rectangle", "ellipse"] as const) {
    const measured = shape(kind, 9, 4);
    const held = planeShape(measured)!;
    for (const point of outlineOf(measured)) {
      expect(shapeContains(held, point)).toBe(true);
      const out = subtract(point, held.center);
      expect(shapeContains(held, add(held.center, scale(out, 1.001)))).toBe(false);
      expect(shapeContains(held, add(held.center, scale(out, 0.999)))).toBe(true);
    }
  }
});

it("a dragged handle takes its corner or end along; the opposite one stays", () => {
  const random = randomFrom(3);
  for (const kind of ["rectangle", "ellipse"] as const) {
    const measured = shape(kind, 9, 4);
    for (let index = 0; index < 4; index++) {
      const by = add(scale(right, random() * 2 - 1), scale(down, random() * 2 - 1));
      const moved = { ...measured, points: movedHandle(measured, index, by) };
      const before = handlesOf(measured);
      const after = handlesOf(moved);
      const opposite = (index + 2) % 4;
      const direction = normalize(subtract(before[index]!, before[opposite]!));
      // The end of an axis moves along its axis only.
      const expected = kind === "rectangle" ? by : scale(direction, dot(by, direction));
      expect(length(subtract(after[index]!, add(before[index]!, expected)))).toBeLessThan(1e-9);
      expect(length(subtract(after[opposite]!, before[opposite]!))).toBeLessThan(1e-9);
    }
  }
  const line: Pick<Measurement, "kind" | "points"> = {
    kind: "distance",
    points: [
      [0, 0, 0],
      [1, 0, 0],
    ],
  };
  expect(movedHandle(line, 1, [0, 2, 0])).toEqual([
    [0, 0, 0],
    [1, 2, 0],
  ]);
});
