import type { PlaneDirections, PointLps } from "#volume";

export const MEASUREMENT_KINDS = ["distance", "angle", "rectangle", "ellipse", "probe", "path"] as const;
export type MeasurementKind = (typeof MEASUREMENT_KINDS)[number];

/** Directions that the sides or axes of a shape follow. */
export type MeasurementPlane = PlaneDirections;

/** Something measured on the image, in millimetres of patient space: it stays where it is on any plane and any grid. */
export interface Measurement {
  /** 1, 2, 3, …; unique in a study, never given again. */
  readonly id: number;
  readonly kind: MeasurementKind;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly visible: boolean;
  /** Time frame that it was drawn in, 0-based: it is shown there, and its values are of there. */
  readonly frame: number;
  /**
   * Distance: its two ends. Angle: an end, the vertex, the other end. Rectangle and ellipse: two opposite corners of the rectangle, or
   * of the one round the ellipse. Probe: one point. Path: two or more, in order, with a smooth curve through them.
   */
  readonly points: readonly PointLps[];
  /** Only of a rectangle or an ellipse, whose points lie in it. */
  readonly plane?: MeasurementPlane;
}

/** A change of the measurements: `from` absent = added, `to` absent = deleted. */
export interface MeasurementEdit {
  readonly id: number;
  readonly from?: Measurement;
  readonly to?: Measurement;
}

/** How many points a kind has; a path may have more. */
export const MEASUREMENT_POINTS: Readonly<Record<MeasurementKind, number>> = {
  distance: 2,
  angle: 3,
  rectangle: 2,
  ellipse: 2,
  probe: 1,
  path: 2,
};

/** Points of a path at the most: it is drawn anew at every move of the pointer. */
export const MOST_PATH_POINTS = 1000;

/** Whether a number of points is one that the kind can have. */
export function hasPointsOf(kind: MeasurementKind, count: number): boolean {
  if (kind === "path") return count >= MEASUREMENT_POINTS.path && count <= MOST_PATH_POINTS;
  return count === MEASUREMENT_POINTS[kind];
}

/** True for the kinds that lie in a plane and have an area. */
export function hasArea(kind: MeasurementKind): kind is "rectangle" | "ellipse" {
  return kind === "rectangle" || kind === "ellipse";
}
