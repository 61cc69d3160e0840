import { add, cross, dot, length, scale, subtract, type Vec3 } from "#base";
import type { PointLps } from "#volume";
import { pathCurve, polylineLengthMm } from "./path-curve.ts";
import { MEASUREMENT_POINTS, type Measurement, type MeasurementKind, type MeasurementPlane } from "./measurement.ts";

/** What is needed of a measurement to say where it lies. */
export type MeasuredShape = Pick<Measurement, "kind" | "points" | "plane">;

/** What follows from the points alone. Millimetres and degrees. */
export interface MeasuredSize {
  readonly lengthMm?: number;
  readonly angleDeg?: number;
  readonly widthMm?: number;
  readonly heightMm?: number;
  readonly areaMm2?: number;
  readonly perimeterMm?: number;
}

/** A rectangle or ellipse by its centre: half its width along `right`, half its height along `down`. */
export interface PlaneShape extends MeasurementPlane {
  readonly kind: "rectangle" | "ellipse";
  readonly center: PointLps;
  readonly halfWidthMm: number;
  readonly halfHeightMm: number;
}

/** Angle at `vertex`, 0 to 180°. Stable also for very small and very flat angles. */
export function angleDeg(a: PointLps, vertex: PointLps, b: PointLps): number {
  const u = subtract(a, vertex);
  const v = subtract(b, vertex);
  return (Math.atan2(length(cross(u, v)), dot(u, v)) * 180) / Math.PI;
}

/**
 * Length of an ellipse's outline from its half axes: 2π/M(a, b) · (a² − Σ 2ⁿ⁻¹ cₙ²) with M the arithmetic-geometric mean and
 * c₀² = a² − b², exact to rounding (Gauss; Abramowitz and Stegun 17.6).
 */
export function ellipsePerimeter(halfWidth: number, halfHeight: number): number {
  let a = Math.max(halfWidth, halfHeight);
  let b = Math.min(halfWidth, halfHeight);
  if (b === 0) return 4 * a;
  const square = a * a;
  let sum = (square - b * b) / 2;
  for (let power = 1; a - b > 1e-15 * a; power *= 2) {
    const c = (a - b) / 2;
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
    sum += power * c * c;
  }
  return ((2 * Math.PI) / a) * (square - sum);
}

/** The shape of a rectangle or ellipse; undefined for other kinds. */
export function planeShape({ kind, points, plane }: MeasuredShape): PlaneShape | undefined {
  if ((kind !== "rectangle" && kind !== "ellipse") || !plane || points.length < 2) return undefined;
  const [a, b] = points as readonly [PointLps, PointLps];
  const across = subtract(b, a);
  return {
    kind,
    right: plane.right,
    down: plane.down,
    center: add(a, scale(across, 0.5)),
    halfWidthMm: Math.abs(dot(across, plane.right)) / 2,
    halfHeightMm: Math.abs(dot(across, plane.down)) / 2,
  };
}

/** What follows from the points; nothing while one that is being drawn lacks some of them. */
export function measuredSize(measurement: MeasuredShape): MeasuredSize {
  const { kind, points } = measurement;
  if (points.length < MEASUREMENT_POINTS[kind]) return {};
  if (kind === "distance") return { lengthMm: length(subtract(points[1]!, points[0]!)) };
  if (kind === "path") return { lengthMm: polylineLengthMm(pathCurve(points)) };
  if (kind === "angle") return { angleDeg: angleDeg(points[0]!, points[1]!, points[2]!) };
  const shape = planeShape(measurement);
  if (!shape) return {};
  const { halfWidthMm: a, halfHeightMm: b } = shape;
  const size = { widthMm: 2 * a, heightMm: 2 * b };
  if (kind === "rectangle") return { ...size, areaMm2: 4 * a * b, perimeterMm: 4 * (a + b) };
  return { ...size, areaMm2: Math.PI * a * b, perimeterMm: ellipsePerimeter(a, b) };
}

/** True when a point of the shape's plane lies in the shape, its outline included (within a nanometre). */
export function shapeContains(shape: PlaneShape, point: PointLps): boolean {
  const from = subtract(point, shape.center);
  return shapeHolds(shape, dot(from, shape.right), dot(from, shape.down));
}

/** The same for a place given in millimetres from the centre along `right` and `down`. */
export function shapeHolds(shape: PlaneShape, rightMm: number, downMm: number): boolean {
  const u = Math.abs(rightMm);
  const v = Math.abs(downMm);
  const a = shape.halfWidthMm + 1e-6;
  const b = shape.halfHeightMm + 1e-6;
  return shape.kind === "rectangle" ? u <= a && v <= b : (u / a) ** 2 + (v / b) ** 2 <= 1;
}

/** Where a measurement is: the point that one goes to in order to see it. */
export function measurementCenter({ points }: Pick<Measurement, "points">): PointLps {
  return scale(
    points.reduce((sum: Vec3, point) => add(sum, point), [0, 0, 0]),
    1 / points.length,
  );
}

/** Points that a pointer can hold: the points themselves, the corners of a rectangle, the ends of an ellipse's axes. */
export function handlesOf(measurement: MeasuredShape): PointLps[] {
  const shape = planeShape(measurement);
  if (!shape) return [...measurement.points];
  const signs = CORNERS[shape.kind];
  return signs.map(([u, v]) => placeOn(shape, u * shape.halfWidthMm, v * shape.halfHeightMm));
}

/** The points after handle `index` was moved by `byMm` (LPS); the opposite corner or end stays where it is. */
export function movedHandle(measurement: MeasuredShape, index: number, byMm: Vec3): PointLps[] {
  const shape = planeShape(measurement);
  if (!shape) return measurement.points.map((point, n) => (n === index ? add(point, byMm) : point));
  const [u, v] = CORNERS[shape.kind][index]!;
  const [right, down] = [dot(byMm, shape.right), dot(byMm, shape.down)];
  const corner = (sign: 1 | -1): PointLps =>
    placeOn(
      shape,
      sign * shape.halfWidthMm + (sign === u ? right : 0),
      sign * shape.halfHeightMm + (sign === v ? down : 0),
    );
  return [corner(-1), corner(1)];
}

/** Polylines of the outline; a closed one ends where it begins. */
export function outlineOf(measurement: MeasuredShape): PointLps[] {
  if (measurement.kind === "path") return pathCurve(measurement.points);
  const shape = planeShape(measurement);
  if (!shape) return [...measurement.points];
  if (shape.kind === "rectangle") {
    const corners = handlesOf(measurement);
    return [...corners, corners[0]!];
  }
  return Array.from({ length: ELLIPSE_STEPS + 1 }, (_, n) => {
    const angle = (2 * Math.PI * n) / ELLIPSE_STEPS;
    return placeOn(shape, Math.cos(angle) * shape.halfWidthMm, Math.sin(angle) * shape.halfHeightMm);
  });
}

/** Lines of an ellipse's outline: off by less than a thousandth of its size. */
const ELLIPSE_STEPS = 96;

/** Sides that each handle moves: −1 left or top, 1 right or bottom, 0 neither. */
const CORNERS: Readonly<Record<"rectangle" | "ellipse", readonly (readonly [-1 | 0 | 1, -1 | 0 | 1])[]>> = {
  rectangle: [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ],
  ellipse: [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ],
};

function placeOn({ center, right, down }: PlaneShape, rightMm: number, downMm: number): PointLps {
  return add(center, add(scale(right, rightMm), scale(down, downMm)));
}

/** `Distance`, `Ellipse`, …: the first word of a new measurement's name. */
export function kindTitle(kind: MeasurementKind): string {
  return kind[0]!.toUpperCase() + kind.slice(1);
}
