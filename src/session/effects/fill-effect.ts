import { VoxelwrightError } from "#base";
import type { FillRequest } from "#workers";
import * as v from "valibot";
import { axisSchema, type EffectStudy, ijkSchema, type LabelEffect, requireSpacing, segmentSchema } from "./effect.ts";

const sliceNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const planeSchema = v.union(
  [v.object({ axis: axisSchema, index: sliceNumber }), v.object({ point: ijkSchema, normal: ijkSchema })],
  "A drawn plane is a slice {axis, index}, or {point, normal}.",
);

/** What says which slices or planes are drawn, and which segments are filled. */
export const fillEntries = {
  method: v.optional(v.string(), "shape"),
  segments: v.optional(v.array(segmentSchema)),
  planes: v.optional(v.array(sliceNumber)),
  axis: v.optional(axisSchema),
  between: v.optional(v.tuple([sliceNumber, sliceNumber])),
  drawn: v.optional(v.pipe(v.array(planeSchema), v.minLength(1, "No drawn plane is given."))),
};
const schema = v.object(fillEntries);

export type FillArguments = v.InferOutput<typeof schema>;

export const fillEffect: LabelEffect<FillArguments> = {
  id: "label.fill",
  title: "Fill between slices",
  description:
    "Fills segments between annotated slices by their shapes. `planes` are slice numbers across `axis`; `drawn` names planes of any " +
    "orientation instead: slices {axis, index}, or {point, normal} with a voxel index and millimetres along i, j, k. Found from the " +
    "labels when neither is given. `between` limits it to what lies between two slices. `method` image also looks at the scan, " +
    "between slices across one axis as far as that helps on the drawn ones.",
  schema,
  doing: "Filling",
  readsLabels: true,
  over: "empty",
  nothing: "There is nothing to fill between the annotated slices.",
  async compute(study, kernels, args, options) {
    const request = fillRequest(study, args);
    // As of the last commit: a rough fill may be shown before the labels are read again.
    return kernels.fill(await study.labels.labelmap.snapshot(), request, options);
  },
};

/** The kernel's request for arguments. Throws `unsupported` for other methods and for grids without a voxel size. */
export function fillRequest(
  study: EffectStudy,
  { method, segments, planes, axis, drawn, between }: FillArguments,
): FillRequest {
  if (method !== "shape" && method !== "image") {
    throw new VoxelwrightError("unsupported", `There is no fill method ${method}.`, {
      advice: "Use the method shape, or image.",
    });
  }
  return {
    method,
    ...(method === "image" ? { image: study.image.kernelImage } : {}),
    spacingMm: requireSpacing(study),
    ...(segments ? { segments } : {}),
    ...(planes ? { planes } : {}),
    ...(axis === undefined ? {} : { axis }),
    ...(drawn ? { drawn } : {}),
    ...(between ? { between } : {}),
  };
}
