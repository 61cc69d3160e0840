import type { Segment } from "#labelmap";
import { BRICK_EDGE, type PyramidLevel, type StoredAxes } from "#volume";
import type { PartOfJob } from "../part-of-job.ts";
import { type LabelPlace, placeOfLevel } from "./label-place.ts";

/** A JSON file of a Zarr group. */
export interface MetadataFile {
  readonly path: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Level that platforms' gzip has by default; readers do not use it. */
const GZIP = { level: 6 };

/** What the metadata of a label group say. */
export interface GroupContents {
  readonly name: string;
  readonly place: LabelPlace;
  readonly levels: readonly PyramidLevel[];
  readonly segments: readonly Segment[];
  /** Relative path of the labelled image; absent where there is none beside the labels. */
  readonly source?: string;
  /** Present where the labels hold for a part of the volume only. */
  readonly part?: PartOfJob | undefined;
}

/** Metadata of a label image: OME-NGFF 0.4 on Zarr 2, or 0.5 on Zarr 3. Paths are relative to the group. */
export function groupMetadata(contents: GroupContents, voxelType: "uint8" | "uint16"): MetadataFile[] {
  const { place, levels } = contents;
  const { version } = place.axes;
  const attributes = groupAttributes(contents);
  const arrays = levels.map((level) => arrayMetadata(place.axes, level, voxelType));
  if (version === "0.5")
    return [...arrays, { path: "zarr.json", json: { zarr_format: 3, node_type: "group", attributes } }];
  return [...arrays, { path: ".zgroup", json: { zarr_format: 2 } }, { path: ".zattrs", json: attributes }];
}

function groupAttributes({ name, place, levels, segments, source, part }: GroupContents): Record<string, unknown> {
  const { version, axes } = place.axes;
  const { indexToLps } = place;
  const known = {
    ...(indexToLps ? { indexToLps } : {}),
    ...(place.axes.scaleMissing ? { scaleMissing: true } : {}),
    ...(part ? { part } : {}),
  };
  const ours = Object.keys(known).length > 0 ? { voxelwright: known } : {};
  const own = version === "0.4" ? { version } : {};
  const multiscales = [
    {
      ...own,
      name,
      axes: axes.map(({ name: axis, type, unit, orientation }) => ({
        name: axis,
        ...(type === "other" ? {} : { type }),
        ...(unit === undefined ? {} : { unit }),
        ...(orientation === undefined ? {} : { orientation: { type: "anatomical", value: orientation } }),
      })),
      datasets: levels.map((level) => {
        const placed = placeOfLevel(place.axes, level);
        return {
          path: String(level.level),
          coordinateTransformations: [
            { type: "scale", scale: placed.map(([scale]) => scale) },
            { type: "translation", translation: placed.map(([, translation]) => translation) },
          ],
        };
      }),
      type: "most frequent label, background left out",
    },
  ];
  const labels = {
    ...own,
    colors: segments.map(({ value, color }) => ({ "label-value": value, rgba: [...rgbOf(color), 255] })),
    properties: segments.map(({ value, name: named, code }) => ({
      "label-value": value,
      name: named,
      ...(code ? { code } : {}),
    })),
    ...(source === undefined ? {} : { source: { image: source } }),
  };
  const described = { multiscales, "image-label": labels };
  return version === "0.5" ? { ome: { version, ...described }, ...ours } : { ...described, ...ours };
}

function arrayMetadata({ version, axes, space }: StoredAxes, level: PyramidLevel, voxelType: string): MetadataFile {
  const along = <T>(of: (axis: number) => T, frames: T): T[] =>
    axes.map((_, at) => (space.includes(at) ? of(space.indexOf(at)) : frames));
  const shape = along((axis) => level.dims[axis as 0 | 1 | 2], 1);
  const chunks = along(() => BRICK_EDGE, 1);
  if (version === "0.4") {
    const json = {
      zarr_format: 2,
      shape,
      chunks,
      dtype: voxelType === "uint8" ? "|u1" : "<u2",
      compressor: { id: "gzip", ...GZIP },
      fill_value: 0,
      order: "C",
      filters: null,
      dimension_separator: "/",
    };
    return { path: `${level.level}/.zarray`, json };
  }
  const json = {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: voxelType,
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      { name: "gzip", configuration: GZIP },
    ],
    dimension_names: axes.map(({ name }) => name),
    attributes: {},
  };
  return { path: `${level.level}/zarr.json`, json };
}

/** `#rrggbb` as three numbers from 0 to 255. */
function rgbOf(color: string): number[] {
  const value = Number.parseInt(color.slice(1), 16);
  return [16, 8, 0].map((shift) => (value >> shift) & 255);
}
