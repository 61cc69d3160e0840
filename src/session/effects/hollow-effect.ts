import * as v from "valibot";
import { chosenSegments } from "./chosen-segments.ts";
import { type LabelEffect, requireSpacing, segmentSchema } from "./effect.ts";

const schema = v.object({
  segments: v.pipe(v.array(segmentSchema), v.minLength(1, "No segment is given.")),
  thicknessMm: v.pipe(
    v.number(),
    v.finite("A thickness is a number of millimetres."),
    v.gtValue(0, "A thickness is above 0 mm."),
  ),
  mode: v.picklist(["inside", "outside", "middle"], "A shell lies inside, outside or in the middle."),
});

export type HollowArguments = v.InferOutput<typeof schema>;

export const hollowEffect: LabelEffect<HollowArguments> = {
  id: "label.hollow",
  title: "Hollow",
  description:
    "Leaves a shell of segments: `inside` their border, `outside` it, or in the `middle`, half on each side. There is no shell " +
    "where a segment ends at the border of the volume.",
  schema,
  doing: "Hollowing",
  readsLabels: true,
  nothing: "The shell is as thick as the segments: nothing changes.",
  async compute(study, kernels, { segments, thicknessMm, mode }, options) {
    const spacingMm = requireSpacing(study);
    const chosen = chosenSegments(study.labels, segments);
    return kernels.hollow(study.labels.labelmap, { spacingMm, thicknessMm, mode, segments: chosen }, options);
  },
};
