import * as v from "valibot";
import { type LabelEffect, regionSchema, segmentSchema } from "./effect.ts";

const schema = v.object({
  segment: segmentSchema,
  range: v.tuple([v.number(), v.number()]),
  region: v.optional(regionSchema),
  inside: v.optional(v.array(segmentSchema)),
});

export type ThresholdArguments = v.InferOutput<typeof schema>;

export const thresholdEffect: LabelEffect<ThresholdArguments> = {
  id: "label.threshold",
  title: "Threshold",
  description:
    "Labels every voxel whose shown value lies in the range, both ends inside: everywhere, in a region, or inside segments.",
  schema,
  doing: "Thresholding",
  readsLabels: true,
  nothing: "No voxel lies in the range.",
  compute({ image, labels }, kernels, { segment, range, region, inside }, options) {
    labels.segments.get(segment);
    const request = { segment, range: image.toStoredRange(...range) };
    const within = inside && { inside: { labels: labels.labelmap, segments: inside } };
    return kernels.threshold(image.kernelImage, { ...request, ...(region ? { region } : {}), ...within }, options);
  },
};
