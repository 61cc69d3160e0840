import { add, cross, dot, length, scale, subtract, type Vec3 } from "#base";
import { leastSpread, type PathPlace, pathCurve, placesOnPath, polylineLengthMm } from "#labelmap";
import { describe, expect, it, test } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";

const circle = (radius: number, count: number, turn = 1): Vec3[] =>
  Array.from({ length: count }, (_, n) => {
    const angle = (turn * 2 * Math.PI * n) / (count - 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle), 0];
  });

/** How far a normal turns about the path from one place to the next, radians. */
function twist(a: PathPlace, b: PathPlace): number {
  const both = add(a.tangent, b.tangent);
  const carried = subtract(a.normal, scale(both, dot(b.tangent, a.normal) / (1 + dot(a.tangent, b.tangent))));
  return Math.asin(dot(cross(carried, b.normal), b.tangent));
}

describe("the curve through points", () => {
  it("goes through every one, and is a straight line between two", () => {
    const points: Vec3[] = [
      [0, 0, 0],
      [10, 0, 0],
      [10, 25, 3],
      [-4, 25, 9],
    ];
    const curve = pathCurve(points);
    for (const point of points) expect(curve).toContainEqual(point);
    expect(pathCurve(points.slice(0, 2))).toEqual(points.slice(0, 2));
    expect(pathCurve([points[0]!, points[0]!, points[1]!, points[1]!])).toEqual(points.slice(0, 2));
  });

  it("is nothing where no point is away from the first, and holds for any number of points", () => {
    expect(pathCurve([0, 1, 3].map((n) => [n * 1e-12, 0, 0]))).toEqual([[0, 0, 0]]);
    const many = pathCurve(Array.from({ length: 20_000 }, (_, n) => [n / 100, Math.sin(n), 0]));
    expect(Math.abs(leastSpread(many)[2])).toBeCloseTo(1, 9);
  });

  it("has the length of a circle to a thousandth, by 17 points", () => {
    expect(polylineLengthMm(pathCurve(circle(20, 17))) / (2 * Math.PI * 20)).toBeCloseTo(1, 2.6);
  });

  it("makes no loop where points are far apart and close together", () => {
    const curve = pathCurve([
      [0, 0, 0],
      [100, 0, 0],
      [100.5, 0.5, 0],
      [100.5, 80, 0],
    ]);
    expect(Math.max(...curve.map(([x]) => x))).toBeLessThan(101.5);
    expect(Math.min(...curve.map(([, y]) => y))).toBeGreaterThan(-1.5);
  });
});

describe("places on a path", () => {
  test.each([1, 2, 3, 4, 5, 6])("are as far apart as asked, with normals at right angles, seed %i", (seed) => {
    const random = randomFrom(seed);
    const path = pathCurve(
      Array.from({ length: 3 + (seed % 5) }, () => [0, 0, 0].map(() => random() * 90) as unknown as Vec3),
    );
    const total = polylineLengthMm(path);
    const offsets = Array.from({ length: 400 }, (_, n) => (n / 399) * total);
    const places = placesOnPath(path, offsets, [random(), random(), 1]);
    for (const [n, { point, tangent, normal }] of places.entries()) {
      expect(length(tangent)).toBeCloseTo(1, 9);
      expect(length(normal)).toBeCloseTo(1, 9);
      expect(dot(tangent, normal)).toBeCloseTo(0, 9);
      if (n === 0) continue;
      const step = subtract(point, places[n - 1]!.point);
      // A chord is no longer than the way along the path.
      expect(length(step)).toBeLessThanOrEqual(total / 399 + 1e-9);
      // Carried by the least rotation from tangent to tangent, the normal before is the normal here.
      expect(Math.abs(twist(places[n - 1]!, places[n]!))).toBeLessThan(0.03);
    }
    expect(length(subtract(places[0]!.point, path[0]!))).toBeLessThan(1e-9);
    expect(length(subtract(places.at(-1)!.point, path.at(-1)!))).toBeLessThan(1e-6);
  });

  it("go straight on beyond the ends", () => {
    const [before, , after] = placesOnPath(
      [
        [0, 0, 0],
        [10, 0, 0],
      ],
      [-5, 5, 12],
      [0, 0, 1],
    );
    expect(before!.point).toEqual([-5, 0, 0]);
    expect(after!.point).toEqual([12, 0, 0]);
    expect(after!.normal).toEqual([0, 0, 1]);
  });

  it("keep the normal of the plane of a flat path, and come back with it after a whole turn", () => {
    const path = pathCurve(circle(30, 33));
    for (const { normal } of placesOnPath(path, [0, 40, 90, 150, 188], [0, 0, 1])) expect(normal[2]).toBeCloseTo(1, 9);
  });

  it("turn less than the frame of a helix does: its normal does not go round", () => {
    const helix = Array.from({ length: 60 }, (_, n): Vec3 => [10 * Math.cos(n / 6), 10 * Math.sin(n / 6), n]);
    const path = pathCurve(helix);
    const places = placesOnPath(
      path,
      Float64Array.from({ length: 2000 }, (_, n) => (n / 1999) * polylineLengthMm(path)),
      [0, 0, 1],
    );
    const total = places.reduce((sum, place, n) => sum + (n === 0 ? 0 : twist(places[n - 1]!, place)), 0);
    expect(Math.abs(total)).toBeLessThan(0.02);
  });
});

describe("the direction that points spread least along", () => {
  it("is the normal of a flat path, whatever its place", () => {
    const [u, v]: [Vec3, Vec3] = [
      [0.6, 0.8, 0],
      [0, 0, 1],
    ];
    const points = circle(20, 12, 0.6).map(([x, y]) => add([5, 6, 7], add(scale(u, x), scale(v, y))));
    expect(Math.abs(dot(leastSpread(points), cross(u, v)))).toBeCloseTo(1, 9);
  });

  it("of a straight path is at a right angle to it: the axis of the body, or the next best", () => {
    expect(
      leastSpread([
        [0, 0, 0],
        [10, 0, 0],
        [30, 0, 0],
      ]),
    ).toEqual([0, 0, 1]);
    expect(
      leastSpread([
        [0, 0, 0],
        [0, 0, 10],
      ]),
    ).toEqual([0, 1, 0]);
  });
});
