import { MEASUREMENT_KINDS } from "#labelmap";
import * as v from "valibot";
import { connectivitySchema, regionSchema } from "./effects/effect.ts";

const number = v.optional(v.number());
const length = v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1000)));
const emptied = v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))));
const connectivity = v.optional(connectivitySchema);
const scope = v.optional(v.picklist(["active", "all"]));
const plane = ["axial", "coronal", "sagittal"] as const;
const boxSchema = v.pipe(
  regionSchema,
  v.check(
    ({ min, max }) =>
      [...min, ...max].every(Number.isInteger) && min.every((low, axis) => low >= 0 && low < max[axis]!),
    "A box is of whole voxels from 0 on, its upper ends beyond its lower ones.",
  ),
);
const tools = [
  "navigate",
  "pan",
  "zoom",
  "window",
  "measure",
  "brush",
  "eraser",
  "grow",
  "fill",
  "threshold",
  "seeds",
  "islands",
  "smooth",
  "margin",
] as const;

/** A change of the tool in hand and of the options of any. */
export const toolChangeSchema = v.object({
  tool: v.optional(v.picklist(tools)),
  brush: v.optional(v.object({ radiusMm: number, shape: v.optional(v.picklist(["disc", "sphere"])) })),
  mask: v.optional(v.object({ on: v.optional(v.boolean()), low: number, high: number })),
  over: v.optional(
    v.union([v.picklist(["all", "empty"]), v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)))]),
  ),
  grow: v.optional(
    v.object({
      low: number,
      high: number,
      connectivity,
      boxMm: emptied,
      method: v.optional(v.picklist(["range", "confidence"])),
      multiplier: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(20))),
      gradient: emptied,
      leakGuardMm: emptied,
    }),
  ),
  fill: v.optional(
    v.object({
      method: v.optional(v.picklist(["shape", "image"])),
      axis: v.optional(v.picklist(["auto", "drawn", ...plane])),
      segments: scope,
    }),
  ),
  threshold: v.optional(v.object({ low: number, high: number })),
  seeds: v.optional(
    v.object({
      connectivity: v.optional(v.picklist([6, 26])),
      spatialWeight: emptied,
      box: v.optional(v.nullable(boxSchema)),
      bias: v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(0)))),
    }),
  ),
  islands: v.optional(
    v.object({
      operation: v.optional(v.picklist(["largest", "removeSmaller", "split", "keep", "remove", "holes"])),
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
      belowMl: length,
      holesIn: v.optional(v.picklist(["volume", ...plane])),
      connectivity,
      segments: scope,
    }),
  ),
  smooth: v.optional(
    v.object({
      method: v.optional(v.picklist(["median", "open", "close", "gaussian", "joint"])),
      mm: length,
      segments: scope,
    }),
  ),
  margin: v.optional(
    v.object({
      mode: v.optional(v.picklist(["grow", "shrink", "shell"])),
      mm: length,
      side: v.optional(v.picklist(["inside", "outside", "middle"])),
      segments: scope,
    }),
  ),
  measure: v.optional(v.object({ kind: v.optional(v.picklist(MEASUREMENT_KINDS)) })),
});
