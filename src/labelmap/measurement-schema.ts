import { cross, dot, length, subtract } from "#base";
import * as v from "valibot";
import { hasArea, hasPointsOf, type Measurement, MEASUREMENT_KINDS, type MeasurementEdit } from "./measurement.ts";
import { measuredSize } from "./measurement-geometry.ts";

const finite = v.pipe(v.number(), v.finite());
const triple = v.pipe(v.strictTuple([finite, finite, finite]), v.readonly());
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Two unit vectors at right angles, to a millionth. */
export const measurementPlaneSchema = v.pipe(
  v.strictObject({ right: triple, down: triple }),
  v.check(
    ({ right, down }) =>
      Math.abs(length(right) - 1) < 1e-6 && Math.abs(length(down) - 1) < 1e-6 && Math.abs(dot(right, down)) < 1e-6,
    "The directions of a plane are unit vectors at right angles.",
  ),
);

export const measurementPointsSchema = v.pipe(v.array(triple), v.readonly());

/** A measurement as it may stand in an entry or in storage: these fields and no others, and a size above nothing. */
export const measurementSchema = v.pipe(
  v.strictObject({
    id,
    kind: v.picklist(MEASUREMENT_KINDS),
    name: v.string(),
    color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/, "Write a colour as #rrggbb.")),
    visible: v.boolean(),
    frame: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    points: measurementPointsSchema,
    plane: v.exactOptional(measurementPlaneSchema),
  }),
  v.check(
    ({ kind, points }) => hasPointsOf(kind, points.length),
    "The number of points is not that of its kind; a path has from 2 to 1,000.",
  ),
  v.check(
    ({ kind, plane }) => hasArea(kind) === (plane !== undefined),
    "A rectangle and an ellipse have a plane, other kinds have none.",
  ),
  v.check(hasSize, "Its points lie on one another, so there is nothing to measure."),
  v.check(isFlat, "Its points do not lie in its plane."),
) satisfies v.GenericSchema<unknown, Measurement>;

/** A change of the measurements; both states, where there are two, are of one id and one kind. */
export const measurementEditSchema = v.pipe(
  v.strictObject({ id, from: v.exactOptional(measurementSchema), to: v.exactOptional(measurementSchema) }),
  v.check(
    (edit) => edit.from !== undefined || edit.to !== undefined,
    "A change of a measurement has a state before or a state after.",
  ),
  v.check(
    (edit) => [edit.from, edit.to].every((state) => state === undefined || state.id === edit.id),
    "A change of a measurement keeps its id.",
  ),
  v.check(
    (edit) => !edit.from || !edit.to || edit.from.kind === edit.to.kind,
    "A change of a measurement keeps its kind.",
  ),
) satisfies v.GenericSchema<unknown, MeasurementEdit>;

/** Whether points and plane are those of the kind; what is not has been found wrong already. */
function isWhole({ kind, points, plane }: Measurement): boolean {
  return hasPointsOf(kind, points.length) && hasArea(kind) === (plane !== undefined);
}

function hasSize(measurement: Measurement): boolean {
  const { kind, points } = measurement;
  if (!isWhole(measurement)) return true;
  if (kind === "distance") return length(subtract(points[1]!, points[0]!)) > 0;
  if (kind === "angle") return [0, 2].every((n) => length(subtract(points[n]!, points[1]!)) > 0);
  if (kind === "path") return measuredSize(measurement).lengthMm! > 0;
  return !hasArea(kind) || measuredSize(measurement).areaMm2! > 0;
}

function isFlat(measurement: Measurement): boolean {
  const { points, plane } = measurement;
  if (!isWhole(measurement) || !plane) return true;
  return Math.abs(dot(subtract(points[1]!, points[0]!), cross(plane.right, plane.down))) < 1e-3;
}
