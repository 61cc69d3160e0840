import * as v from "valibot";
import { chosenSegments } from "./chosen-segments.ts";
import { type LabelEffect, requireSpacing, segmentSchema } from "./effect.ts";

const METHODS = ["median", "open", "close", "gaussian", "joint"] as const;

const schema = v.object({
  method: v.picklist(METHODS, `Methods are ${METHODS.join(", ")}.`),
  mm: v.pipe(
    v.number(),
    v.finite("A size is a number of millimetres."),
    v.gtValue(0, "What smoothing goes by is above 0 mm."),
    v.maxValue(1000, "What smoothing goes by is at most 1000 mm."),
  ),
  segments: v.optional(v.pipe(v.array(segmentSchema), v.minLength(1, "No segment is given."))),
});

export type SmoothArguments = v.InferOutput<typeof schema>;

export const smoothEffect: LabelEffect<SmoothArguments> = {
  id: "label.smooth",
  title: "Smooth",
  description:
    "Smooths segments. `mm` is the edge of the box of a `median`, the radius of the ball of `open` and `close`, the standard " +
    "deviation of `gaussian` (each segment by itself) and `joint` (all together, no gaps between neighbours). All segments that " +
    "are not locked when `segments` is absent.",
  schema,
  doing: "Smoothing",
  readsLabels: true,
  nothing: "The segments are as smooth as that already.",
  async compute(study, kernels, { method, mm, segments }, options) {
    const spacingMm = requireSpacing(study);
    const chosen = chosenSegments(study.labels, segments);
    return kernels.smooth(study.labels.labelmap, { method, spacingMm, mm, segments: chosen }, options);
  },
};
