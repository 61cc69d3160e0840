import type { Affine } from "#base";
import * as v from "valibot";
import type { SourceSegment } from "../source.ts";
import { sourceError, unsupportedError } from "../source-errors.ts";
import { labelSegments } from "./label-segments.ts";

/** One axis of an OME-Zarr image, in the order of the stored axes. */
export interface ZarrAxis {
  readonly name: string;
  readonly type: "space" | "time" | "channel" | "other";
  readonly unit?: string;
  /** Where a space axis runs in the patient, such as `right-to-left` (OME-NGFF RFC 4). */
  readonly orientation?: string;
}

/** One resolution of an image: an array, and where its elements lie: `position = scale · index + translation` per axis. */
export interface ZarrDataset {
  readonly path: string;
  readonly scale: readonly number[];
  readonly translation: readonly number[];
}

/** An image with its resolutions, the finest first. */
export interface Multiscales {
  readonly version: string;
  readonly name?: string;
  readonly axes: readonly ZarrAxis[];
  readonly datasets: readonly ZarrDataset[];
  /** Window of the first channel, in shown values. */
  readonly window?: { readonly center: number; readonly width: number };
  /** True where voxel sizes are missing. */
  readonly scaleMissing: boolean;
  /** True for label images. */
  readonly labels: boolean;
  /** What a label image says of its values. */
  readonly segments?: readonly SourceSegment[];
  /** Row-major 3×4 in LPS millimetres, which Voxelwright writes where axes cannot say it. */
  readonly indexToLps?: Affine;
  /** Names of the channels; empty where none are given. */
  readonly channels: readonly string[];
}

const numbers = v.array(v.pipe(v.number(), v.finite()));
const transformation = v.looseObject({
  type: v.string(),
  scale: v.optional(numbers),
  translation: v.optional(numbers),
});
const transformations = v.optional(v.array(transformation), []);
const axis = v.looseObject({
  name: v.string(),
  type: v.optional(v.string()),
  unit: v.optional(v.nullable(v.string())),
  orientation: v.optional(v.looseObject({ value: v.string() })),
});
const schema = v.looseObject({
  name: v.optional(v.string()),
  version: v.optional(v.string()),
  axes: v.pipe(v.array(axis), v.minLength(2), v.maxLength(5)),
  datasets: v.pipe(
    v.array(v.looseObject({ path: v.string(), coordinateTransformations: transformations })),
    v.minLength(1),
    v.maxLength(32),
  ),
  coordinateTransformations: transformations,
});
const omero = v.looseObject({
  channels: v.array(
    v.looseObject({
      label: v.optional(v.string()),
      window: v.optional(v.looseObject({ start: v.optional(v.number()), end: v.optional(v.number()) })),
    }),
  ),
});

const affineSchema = v.pipe(numbers, v.length(12));

const READ = "OME-Zarr 0.4 and 0.5 are read";

/**
 * The image that a group's attributes describe (OME-NGFF 0.4 and 0.5, “multiscales”); undefined where they describe none. Throws
 * `source` for a description that is broken, `unsupported` for one of another version.
 */
export function parseMultiscales(
  attributes: Readonly<Record<string, unknown>>,
  subject: string,
): Multiscales | undefined {
  const ome = isObject(attributes["ome"]) ? attributes["ome"] : attributes;
  const list = ome["multiscales"];
  if (list === undefined) return undefined;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const stated = (isObject(first) ? first["version"] : undefined) ?? ome["version"] ?? "0.4";
  const version = typeof stated === "string" ? stated : JSON.stringify(stated);
  if (!/^0\.[45](\D|$)/.test(version))
    throw unsupportedError(subject, `The image is OME-Zarr ${version}; ${READ}.`, "Convert it to OME-Zarr 0.5.");
  const parsed = v.safeParse(schema, first);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const where = v.getDotPath(issue) ?? "multiscales";
    throw broken(subject, `“${where}” is not as OME-Zarr ${version} wants it`);
  }
  const { axes, datasets, coordinateTransformations } = parsed.output;
  let scaleMissing = false;
  const placed = datasets.map(({ path, coordinateTransformations: own }): ZarrDataset => {
    const scale = axes.map(() => 1);
    const translation = axes.map(() => 0);
    if (![...own, ...coordinateTransformations].some(({ type }) => type === "scale")) scaleMissing = true;
    for (const step of [...own, ...coordinateTransformations]) applyStep(step, scale, translation, subject);
    return { path, scale, translation };
  });
  const shown = v.safeParse(omero, ome["omero"]);
  const channels = shown.success ? shown.output.channels : [];
  const { start, end } = channels[0]?.window ?? {};
  const ours = attributes["voxelwright"];
  const affine = v.safeParse(affineSchema, isObject(ours) ? ours["indexToLps"] : undefined);
  // Labels of an image without a scale say that theirs stands for none.
  if (isObject(ours) && ours["scaleMissing"] === true) scaleMissing = true;
  return {
    version,
    ...(parsed.output.name ? { name: parsed.output.name } : {}),
    axes: axes.map(({ name, type, unit, orientation }) => ({
      name,
      type: axisType(type, name),
      ...(unit ? { unit } : {}),
      ...(orientation ? { orientation: orientation.value } : {}),
    })),
    datasets: placed,
    scaleMissing,
    labels: ome["image-label"] !== undefined,
    ...(ome["image-label"] === undefined ? {} : { segments: labelSegments(ome["image-label"]) }),
    ...(affine.success ? { indexToLps: affine.output as unknown as Affine } : {}),
    channels: channels.flatMap(({ label }) => (label ? [label] : [])),
    ...(start !== undefined && end !== undefined && end > start
      ? { window: { center: (start + end) / 2, width: end - start } }
      : {}),
  };
}

type Step = v.InferOutput<typeof transformation>;

/** Applies one transformation after those before it. */
function applyStep({ type, ...step }: Step, scale: number[], translation: number[], subject: string): void {
  if (type === "identity") return;
  const values = type === "scale" ? step.scale : type === "translation" ? step.translation : undefined;
  if (type !== "scale" && type !== "translation")
    throw unsupportedError(
      subject,
      `The image is placed by a transformation of type “${type}”; ${READ}, with scale and translation.`,
      "Resample the image onto an even grid, or convert it to NIfTI or NRRD.",
    );
  if (!values || values.length !== scale.length)
    throw broken(subject, `a ${type} does not have one number for each axis`);
  for (const [n, value] of values.entries()) {
    if (type === "translation") translation[n]! += value;
    else {
      if (!(value > 0)) throw broken(subject, `a scale is ${value}`);
      scale[n]! *= value;
      translation[n]! *= value;
    }
  }
}

function broken(subject: string, what: string): Error {
  return sourceError(subject, `The metadata of the image are broken: ${what}.`, "Write the image again.");
}

function axisType(type: string | undefined, name: string): ZarrAxis["type"] {
  if (type === "space" || type === "time" || type === "channel") return type;
  if (type !== undefined) return "other";
  if (/^[xyz]$/i.test(name)) return "space";
  return name === "t" ? "time" : name === "c" ? "channel" : "other";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
