import { type CsvColumn, csvFile } from "./csv.ts";
import type { ExportFile } from "./export-file.ts";
import type { ShownMeasurement } from "./shown-measurement.ts";

type Column = CsvColumn<ShownMeasurement>;

const column = (header: string, of: Column["of"]): Column => ({ header, of });

/** Three columns of a point, LPS. */
const point = (index: 0 | 1 | 2): Column[] =>
  ["x", "y", "z"].map((letter, axis) =>
    column(`p${index + 1}_${letter}_mm`, ({ measurement }) =>
      measurement.kind === "path" ? undefined : measurement.points[index]?.[axis],
    ),
  );

/** Directions of the plane, LPS. */
const direction = (name: "right" | "down"): Column[] =>
  ["x", "y", "z"].map((letter, axis) =>
    column(`plane_${name}_${letter}`, ({ measurement }) => measurement.plane?.[name][axis]),
  );

const COLUMNS: readonly Column[] = [
  column("id", ({ measurement }) => measurement.id),
  column("name", ({ measurement }) => measurement.name),
  column("kind", ({ measurement }) => measurement.kind),
  column("frame", ({ measurement }) => measurement.frame),
  column("length_mm", ({ size }) => size.lengthMm),
  column("angle_deg", ({ size }) => size.angleDeg),
  column("width_mm", ({ size }) => size.widthMm),
  column("height_mm", ({ size }) => size.heightMm),
  column("area_mm2", ({ size }) => size.areaMm2),
  column("perimeter_mm", ({ size }) => size.perimeterMm),
  column("value", ({ probe }) => probe?.value),
  column("mean", ({ area }) => area?.mean),
  column("sd", ({ area }) => area?.sd),
  column("min", ({ area }) => area?.min),
  column("max", ({ area }) => area?.max),
  column("count", ({ area }) => area?.count),
  column("unit", ({ unit, area, probe }) => (area || probe ? unit : undefined)),
  column("method", ({ area }) => area?.method),
  column("step_right_mm", ({ area }) => area?.stepMm?.[0]),
  column("step_down_mm", ({ area }) => area?.stepMm?.[1]),
  column("reaches_outside", ({ area }) => area && (area.outside ? "yes" : "no")),
  ...(["i", "j", "k"] as const).map((letter, axis) => column(`voxel_${letter}`, ({ probe }) => probe?.ijk[axis])),
  ...point(0),
  ...point(1),
  ...point(2),
  ...direction("right"),
  ...direction("down"),
  // A path has as many points as it needs: x y z of each, LPS, with semicolons between.
  column("path_points_mm", ({ measurement }) =>
    measurement.kind === "path" ? measurement.points.map((one) => one.join(" ")).join("; ") : undefined,
  ),
];

/** Measurements as CSV: one row each, always the same columns, empty where a kind has no such number. */
export function measurementsCsv(rows: readonly ShownMeasurement[]): ExportFile {
  return csvFile(COLUMNS, rows);
}
