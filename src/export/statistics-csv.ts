import type { Vec3 } from "#base";
import { type CsvColumn, csvFile } from "./csv.ts";
import type { ExportFile } from "./export-file.ts";
import type { ShownStatistics } from "./shown-statistics.ts";

type Column = CsvColumn<ShownStatistics>;

const number = (header: string, of: (row: ShownStatistics) => number | undefined): Column => ({ header, of });

/** Three columns of a vector. */
const vector = (headers: readonly string[], of: (row: ShownStatistics) => Vec3 | undefined): Column[] =>
  headers.map((header, axis) => number(header, (row) => of(row)?.[axis]));

const axisOf =
  (n: 0 | 1 | 2) =>
  ({ shape }: ShownStatistics): Vec3 | undefined =>
    shape?.principalAxes[n];

/** Always there. */
const VALUES: readonly Column[] = [
  number("segment", (row) => row.segment),
  { header: "name", of: (row) => row.name },
  number("voxels", (row) => row.voxels),
  number("volume_ml", (row) => row.volumeMl),
  number("mean", (row) => row.mean),
  number("sd", (row) => row.sd),
  number("min", (row) => row.min),
  number("max", (row) => row.max),
  { header: "unit", of: (row) => row.unit },
  number("median", (row) => row.median),
  number("p5", (row) => row.p5),
  number("p25", (row) => row.p25),
  number("p75", (row) => row.p75),
  number("p95", (row) => row.p95),
];

/** There when a row has them. Positions and directions are LPS; box ends are indices of the first and the last voxel. */
const PLACE_AND_SHAPE: readonly Column[] = [
  ...vector(["centroid_x_mm", "centroid_y_mm", "centroid_z_mm"], (row) => row.centroidLps),
  ...vector(["box_i_first", "box_j_first", "box_k_first"], (row) => row.box?.min),
  ...vector(["box_i_last", "box_j_last", "box_k_last"], ({ box }) =>
    box ? [box.max[0] - 1, box.max[1] - 1, box.max[2] - 1] : undefined,
  ),
  number("mesh_area_mm2", (row) => row.shape?.meshAreaMm2),
  number("mesh_volume_ml", ({ shape }) => (shape ? shape.meshVolumeMm3 / 1000 : undefined)),
  number("crofton_area_mm2", (row) => row.shape?.croftonAreaMm2),
  number("sphericity", (row) => row.shape?.sphericity),
  number("feret_diameter_mm", (row) => row.shape?.feretMm),
  number("elongation", (row) => row.shape?.elongation),
  number("flatness", (row) => row.shape?.flatness),
  ...vector(["moment_1_mm2", "moment_2_mm2", "moment_3_mm2"], (row) => row.shape?.principalMomentsMm2),
  ...vector(["axis_1_x", "axis_1_y", "axis_1_z"], axisOf(0)),
  ...vector(["axis_2_x", "axis_2_y", "axis_2_z"], axisOf(1)),
  ...vector(["axis_3_x", "axis_3_y", "axis_3_z"], axisOf(2)),
  ...vector(["oriented_size_1_mm", "oriented_size_2_mm", "oriented_size_3_mm"], (row) => row.shape?.orientedBox.sizeMm),
  ...vector(
    ["oriented_origin_x_mm", "oriented_origin_y_mm", "oriented_origin_z_mm"],
    (row) => row.shape?.orientedBox.originLps,
  ),
];

/** Statistics as CSV. `notes` say what was not measured. */
export function statisticsCsv(rows: readonly ShownStatistics[], notes: readonly string[] = []): ExportFile {
  const columns = [...VALUES, ...PLACE_AND_SHAPE.filter(({ of }) => rows.some((row) => of(row) !== undefined))];
  return csvFile(columns, rows, notes);
}
