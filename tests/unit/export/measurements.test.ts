import { collectBytes, measurementsCsv, measurementsJson, type ShownMeasurement } from "#export";
import { measuredSize, type Measurement } from "#labelmap";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";

const base = { color: "#ffd84d", visible: true, frame: 0 } as const;
const ROWS: readonly ShownMeasurement[] = [
  {
    id: 1,
    kind: "distance",
    name: 'a "long", one',
    points: [
      [0, 0, 0],
      [3, 4, 0],
    ],
  },
  {
    id: 3,
    kind: "angle",
    name: "knee",
    points: [
      [1, 0, 0],
      [0, 0, 0],
      [0, 2, 0],
    ],
  },
  {
    id: 4,
    kind: "rectangle",
    name: "Nodule\nleft",
    points: [
      [1, 0, 0],
      [1, 3, -4],
    ],
    plane: { right: [0, 1, 0], down: [0, 0, -1] },
  },
  { id: 5, kind: "probe", name: "p", points: [[0.25, 1.5, -4]] },
  { id: 6, kind: "path", name: "aorta", points: [0, 1, 2, 3].map((x) => [x, 0, 0]) },
].map((one) => {
  const measurement = { ...base, ...one } as unknown as Measurement;
  return { measurement, size: measuredSize(measurement), unit: "HU" };
});
const AREA = { count: 0, mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN } as const;
const SHOWN: readonly ShownMeasurement[] = [
  ROWS[0]!,
  ROWS[1]!,
  { ...ROWS[2]!, area: { ...AREA, method: "interpolated", stepMm: [0.5, 0.4], outside: true } },
  { ...ROWS[3]!, probe: { value: -812.5, ijk: [1, 2, 3] } },
  ROWS[4]!,
];

/** Fields of RFC 4180 lines. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

it("CSV: a row each, the same columns for all, empty where there is no such number", async () => {
  const text = new TextDecoder().decode(await collectBytes(measurementsCsv(SHOWN)));
  const [header, ...rows] = parse(text);
  expect(rows.every((row) => row.length === header!.length)).toBe(true);
  const table = rows.map((row) =>
    Object.fromEntries(row.map((value, n) => [header![n]!, value] as const).filter(([, value]) => value !== "")),
  );
  const common = (id: string, name: string, kind: string) => ({ id, name, kind, frame: "0" });
  expect(table).toEqual([
    {
      ...common("1", 'a "long", one', "distance"),
      length_mm: "5",
      ...{ p1_x_mm: "0", p1_y_mm: "0", p1_z_mm: "0", p2_x_mm: "3", p2_y_mm: "4", p2_z_mm: "0" },
    },
    {
      ...common("3", "knee", "angle"),
      angle_deg: "90",
      ...{ p1_x_mm: "1", p1_y_mm: "0", p1_z_mm: "0", p2_x_mm: "0", p2_y_mm: "0", p2_z_mm: "0" },
      ...{ p3_x_mm: "0", p3_y_mm: "2", p3_z_mm: "0" },
    },
    {
      ...common("4", "Nodule\nleft", "rectangle"),
      ...{ width_mm: "3", height_mm: "4", area_mm2: "12", perimeter_mm: "14" },
      ...{ count: "0", unit: "HU", method: "interpolated", step_right_mm: "0.5", step_down_mm: "0.4" },
      reaches_outside: "yes",
      ...{ p1_x_mm: "1", p1_y_mm: "0", p1_z_mm: "0", p2_x_mm: "1", p2_y_mm: "3", p2_z_mm: "-4" },
      ...{ plane_right_x: "0", plane_right_y: "1", plane_right_z: "0" },
      ...{ plane_down_x: "0", plane_down_y: "0", plane_down_z: "-1" },
    },
    {
      ...common("5", "p", "probe"),
      ...{ value: "-812.5", unit: "HU", voxel_i: "1", voxel_j: "2", voxel_k: "3" },
      ...{ p1_x_mm: "0.25", p1_y_mm: "1.5", p1_z_mm: "-4" },
    },
    {
      ...common("6", "aorta", "path"),
      length_mm: "3",
      path_points_mm: "0 0 0; 1 0 0; 2 0 0; 3 0 0",
    },
  ]);
});

it("JSON: everything, with where it is of; what does not exist is null", async () => {
  const grid = new ImageGrid({ dims: [4, 5, 6], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
  const study = { name: "scan", volumeId: "v", grid };
  const read = JSON.parse(new TextDecoder().decode(await collectBytes(measurementsJson(SHOWN, study))));
  expect(read).toMatchObject({
    format: "voxelwright-measurements",
    version: 1,
    study: { name: "scan", volumeId: "v", dims: [4, 5, 6] },
  });
  expect(read.measurements).toMatchObject([
    {
      id: 1,
      kind: "distance",
      lengthMm: 5,
      points: [
        [0, 0, 0],
        [3, 4, 0],
      ],
    },
    { id: 3, angleDeg: 90 },
    { id: 4, areaMm2: 12, values: { count: 0, mean: null, method: "interpolated", outside: true, unit: "HU" } },
    { id: 5, value: -812.5, ijk: [1, 2, 3], unit: "HU" },
    { id: 6, lengthMm: 3 },
  ]);
});
