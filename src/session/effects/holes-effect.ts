import * as v from "valibot";
import { chosenSegments } from "./chosen-segments.ts";
import { voxelsOfMl } from "./voxels-of-ml.ts";
import { axisSchema, connectivitySchema, type LabelEffect, segmentSchema } from "./effect.ts";

const schema = v.object({
  segments: v.optional(v.array(segmentSchema)),
  axis: v.optional(axisSchema),
  maximumMl: v.optional(v.pipe(v.number(), v.gtValue(0))),
  connectivity: v.optional(connectivitySchema),
});

export type HolesArguments = v.InferOutput<typeof schema>;

export const holesEffect: LabelEffect<HolesArguments> = {
  id: "label.holes",
  title: "Fill holes",
  description:
    "Fills what segments enclose: in 3D, or slice by slice across `axis`; holes above `maximumMl` stay. `connectivity` is that of the " +
    "segments (default 26); what is not of them hangs together by the dual, 6 for 18 and 26, 26 for 6.",
  schema,
  doing: "Filling holes",
  readsLabels: true,
  over: "empty",
  nothing: "The segments enclose nothing.",
  async compute(study, kernels, { segments, axis, maximumMl, connectivity = 26 }, options) {
    const mostVoxels = maximumMl === undefined ? undefined : Math.floor(voxelsOfMl(study, maximumMl) + 1e-9);
    const chosen = chosenSegments(study.labels, segments);
    // Less than a voxel: there is no such hole.
    if (mostVoxels === 0) return { kind: "labels", bricks: new Map(), voxels: 0 };
    return kernels.holes(
      study.labels.labelmap,
      {
        segments: chosen,
        connectivity,
        ...(axis === undefined ? {} : { axis }),
        ...(mostVoxels === undefined ? {} : { mostVoxels }),
      },
      options,
    );
  },
};
