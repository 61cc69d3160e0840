import * as v from "valibot";
import { chosenSegments } from "./chosen-segments.ts";
import { type LabelEffect, requireSpacing, segmentSchema } from "./effect.ts";

const schema = v.object({
  mm: v.pipe(
    v.number(),
    v.finite("A margin is a number of millimetres."),
    v.check((mm) => mm !== 0, "A margin is above 0 mm to grow or below 0 to shrink."),
  ),
  segments: v.optional(v.pipe(v.array(segmentSchema), v.minLength(1, "No segment is given."))),
});

export type MarginArguments = v.InferOutput<typeof schema>;

export const marginEffect: LabelEffect<MarginArguments> = {
  id: "label.margin",
  title: "Margin",
  description:
    "Grows segments by `mm`, or shrinks them where it is below 0. Where several grow, a voxel goes to the nearest, at a tie to the " +
    "lower number. Nothing is taken at the border of the volume. All segments that are not locked when `segments` is absent.",
  schema,
  doing: "Changing margins",
  readsLabels: true,
  nothing: "No voxel lies within that margin.",
  async compute(study, kernels, { mm, segments }, options) {
    const spacingMm = requireSpacing(study);
    const chosen = chosenSegments(study.labels, segments);
    return kernels.margin(study.labels.labelmap, { spacingMm, mm, segments: chosen }, options);
  },
};
