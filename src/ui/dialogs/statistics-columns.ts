import type { ShownStatistics } from "#export";
import { formatCount, formatValue } from "../format.ts";
import type { MeasureColumn } from "../parts/measure-table.tsx";

export type StatisticsColumn = MeasureColumn<ShownStatistics>;

export type StatisticsGroup = "values" | "shape" | "place";

export const STATISTICS_GROUPS: readonly { readonly value: StatisticsGroup; readonly title: string }[] = [
  { value: "values", title: "Values" },
  { value: "shape", title: "Shape" },
  { value: "place", title: "Place" },
];

/** The columns of a group beside the segment's name; `unit` is that of shown values. */
export function statisticsColumns(group: StatisticsGroup, unit: string): readonly StatisticsColumn[] {
  if (group === "shape") return SHAPE;
  return group === "place" ? PLACE : values(unit === "" ? "" : ` (${unit})`);
}

const number = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "–" : formatValue(value);

const numbers = (values: readonly number[] | undefined, between: string, digits: number): string =>
  values ? values.map((value) => value.toFixed(digits)).join(between) : "–";

function values(unit: string): readonly StatisticsColumn[] {
  return [
    { title: "Voxels", hint: "Voxels of the segment", of: (row) => formatCount(row.voxels) },
    { title: "Volume (ml)", hint: "Voxels times their volume", of: (row) => row.volumeMl.toFixed(3) },
    { title: `Mean${unit}`, hint: "Mean of the voxels' values", of: (row) => number(row.mean) },
    { title: "SD", hint: "Population standard deviation", of: (row) => number(row.sd) },
    { title: "Min", hint: "Smallest value", of: (row) => number(row.min) },
    { title: "5 %", hint: "5th percentile, linear between ranks", of: (row) => number(row.p5) },
    { title: "Median", hint: "Middle value", of: (row) => number(row.median) },
    { title: "95 %", hint: "95th percentile, linear between ranks", of: (row) => number(row.p95) },
    { title: "Max", hint: "Largest value", of: (row) => number(row.max) },
  ];
}

const SHAPE: readonly StatisticsColumn[] = [
  {
    title: "Surface (mm²)",
    hint: "Area of the marching cubes mesh at level 0.5",
    of: ({ shape }) => number(shape?.meshAreaMm2),
  },
  {
    title: "Crofton (mm²)",
    hint: "Area by Crofton's formula, as ITK's perimeter; needs axes at right angles",
    of: ({ shape }) => number(shape?.croftonAreaMm2),
  },
  {
    title: "Sphericity",
    hint: "Area of the sphere of the mesh's volume over the mesh's area: 1 for a sphere",
    of: ({ shape }) => (shape ? shape.sphericity.toFixed(3) : "–"),
  },
  {
    title: "Diameter (mm)",
    hint: "Feret diameter: largest distance between two voxel centres",
    of: ({ shape }) => (shape ? shape.feretMm.toFixed(1) : "–"),
  },
  {
    title: "Elongation",
    hint: "Root of the largest principal moment over the middle one",
    of: ({ shape }) => (shape ? shape.elongation.toFixed(2) : "–"),
  },
  {
    title: "Flatness",
    hint: "Root of the middle principal moment over the smallest one",
    of: ({ shape }) => (shape ? shape.flatness.toFixed(2) : "–"),
  },
  {
    title: "Oriented box (mm)",
    hint: "Size of the smallest box along the principal axes that holds all voxels",
    of: ({ shape }) => numbers(shape?.orientedBox.sizeMm, " × ", 1),
  },
];

const PLACE: readonly StatisticsColumn[] = [
  {
    title: "Centre (L, P, S in mm)",
    hint: "Mean position of the voxels, towards the patient's left, back and head",
    of: (row) => numbers(row.centroidLps, ", ", 1),
  },
  {
    title: "First voxel (i, j, k)",
    hint: "Lower corner of the smallest box of voxels that holds the segment",
    of: (row) => numbers(row.box?.min, ", ", 0),
  },
  {
    title: "Box (voxels)",
    hint: "Size of that box along i, j, k",
    of: ({ box }) => numbers(box && [0, 1, 2].map((axis) => box.max[axis]! - box.min[axis]!), " × ", 0),
  },
];
