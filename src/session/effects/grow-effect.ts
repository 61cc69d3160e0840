import * as v from "valibot";
import {
  connectivitySchema,
  ijkSchema,
  type LabelEffect,
  regionSchema,
  requireInside,
  segmentSchema,
} from "./effect.ts";

const schema = v.object({
  segment: segmentSchema,
  seeds: v.pipe(v.array(ijkSchema), v.minLength(1)),
  range: v.tuple([v.number(), v.number()]),
  connectivity: v.optional(connectivitySchema),
  region: v.optional(regionSchema),
});

export type GrowArguments = v.InferOutput<typeof schema>;

export const growEffect: LabelEffect<GrowArguments> = {
  id: "label.grow",
  title: "Grow a region",
  description: "Grows from seeds over connected voxels whose shown value lies in the range, both ends inside.",
  schema,
  doing: "Growing",
  readsLabels: false,
  nothing: "Nothing is reached: the clicked voxel is outside the range.",
  compute(study, kernels, { segment, seeds, range, connectivity = 6, region }, options) {
    study.labels.segments.get(segment);
    for (const seed of seeds) requireInside(study, "The seed", seed);
    const { image } = study;
    const request = { seeds, range: image.toStoredRange(...range), connectivity, segment };
    return kernels.grow(image.kernelImage, { ...request, ...(region ? { region } : {}) }, options);
  },
};
