import { VoxelwrightError } from "#base";
import * as v from "valibot";
import { axisSchema, type LabelEffect, segmentSchema } from "./effect.ts";

const schema = v.object({
  method: v.optional(v.string(), "shape"),
  segments: v.optional(v.array(segmentSchema)),
  planes: v.optional(v.array(v.number())),
  axis: v.optional(axisSchema),
});

export type FillArguments = v.InferOutput<typeof schema>;

export const fillEffect: LabelEffect<FillArguments> = {
  id: "label.fill",
  title: "Fill between slices",
  description:
    "Fills segments between annotated slices. Method `shape` follows outlines; `planes` are slice numbers across `axis`.",
  schema,
  doing: "Filling",
  readsLabels: true,
  over: "empty",
  nothing: "There is nothing to fill between the annotated slices.",
  compute({ image, labels }, kernels, { method, segments, planes, axis }, options) {
    if (method !== "shape") {
      throw new VoxelwrightError("unsupported", `There is no fill method ${method} yet.`, {
        advice: "Use the method shape.",
      });
    }
    const [si, sj, sk] = image.grid.spacingMm;
    return kernels.fill(
      labels.labelmap,
      {
        method: "shape",
        spacingMm: [si, sj, sk],
        ...(segments ? { segments } : {}),
        ...(planes ? { planes } : {}),
        ...(axis === undefined ? {} : { axis }),
      },
      options,
    );
  },
};
