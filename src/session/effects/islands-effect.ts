import { VoxelwrightError } from "#base";
import type { SegmentEdit } from "#labelmap";
import type { IslandsOperation, SplitIsland } from "#workers";
import * as v from "valibot";
import { chosenSegments } from "./chosen-segments.ts";
import { voxelsOfMl } from "./voxels-of-ml.ts";
import {
  connectivitySchema,
  type EffectStudy,
  ijkSchema,
  type LabelEffect,
  requireInside,
  segmentSchema,
} from "./effect.ts";

/** Segments that a split without a count may make; more are refused. */
const MOST_NEW_SEGMENTS = 256;

const shared = { segments: v.optional(v.array(segmentSchema)), connectivity: v.optional(connectivitySchema) };
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const voxelsSchema = v.pipe(v.array(ijkSchema), v.minLength(1));

const schema = v.variant("operation", [
  v.object({ ...shared, operation: v.literal("largest"), count: v.optional(countSchema, 1) }),
  v.pipe(
    v.object({
      ...shared,
      operation: v.literal("removeSmaller"),
      belowVoxels: v.optional(countSchema),
      belowMl: v.optional(v.pipe(v.number(), v.gtValue(0))),
    }),
    v.check(
      ({ belowVoxels, belowMl }) => (belowVoxels === undefined) !== (belowMl === undefined),
      "Give either belowVoxels or belowMl.",
    ),
  ),
  v.object({ ...shared, operation: v.literal("split"), count: v.optional(countSchema) }),
  v.object({ ...shared, operation: v.literal("keep"), voxels: voxelsSchema }),
  v.object({ ...shared, operation: v.literal("remove"), voxels: voxelsSchema }),
]);

export type IslandsArguments = v.InferOutput<typeof schema>;

export const islandsEffect: LabelEffect<IslandsArguments> = {
  id: "label.islands",
  title: "Islands",
  description:
    "Changes the connected components of segments. `largest` keeps the `count` largest (default 1), `removeSmaller` those of " +
    "`belowVoxels` or `belowMl` and more; `split` makes each of the `count` largest (default all, refused above 256) a segment of its own; " +
    "`keep` and `remove` look at the islands that hold `voxels`. `connectivity` is 6 (default), 18 or 26.",
  schema,
  doing: "Changing islands",
  readsLabels: true,
  // A split paints over the segment that it takes from; locked ones stay.
  over: "all",
  nothing: "No island is changed.",
  async compute(study, kernels, args, options) {
    const segments = segmentsMeant(study, args);
    if (segments.length === 0) return { kind: "labels", bricks: new Map(), voxels: 0 };
    const request = { ...operationOf(study, args, segments), segments, connectivity: args.connectivity ?? 6 };
    const { proposal, split } = await kernels.islands(study.labels.labelmap, request, options);
    return { ...proposal, segments: newSegments(study, split) };
  },
};

/** The segments given, those of the voxels given, or all; locked ones are refused or, where all are meant, left out. */
function segmentsMeant(study: EffectStudy, args: IslandsArguments): number[] {
  if (args.segments || !("voxels" in args)) return chosenSegments(study.labels, args.segments);
  const found = new Set<number>();
  for (const ijk of args.voxels) {
    requireInside(study, "The voxel", ijk);
    const segment = study.labels.labelmap.valueAt(ijk);
    if (segment === 0) {
      throw new VoxelwrightError("argument", `Voxel ${ijk.join(", ")} is in no segment.`, {
        advice: "Choose voxels of the islands that are meant.",
      });
    }
    found.add(segment);
  }
  return chosenSegments(study.labels, [...found]);
}

function operationOf(study: EffectStudy, args: IslandsArguments, segments: readonly number[]): IslandsOperation {
  switch (args.operation) {
    case "removeSmaller": {
      const { belowVoxels, belowMl } = args;
      // An island of exactly that volume stays.
      const least = belowVoxels ?? Math.ceil(voxelsOfMl(study, belowMl!) - 1e-9);
      return { operation: "removeSmaller", leastVoxels: Math.max(1, least) };
    }
    case "split": {
      // Without a count one more than may be is looked for, so that too many are told.
      const count = args.count ?? MOST_NEW_SEGMENTS + 1;
      const most = args.count === undefined ? MOST_NEW_SEGMENTS : count * segments.length;
      return { operation: "split", count, values: study.labels.segments.freeValues(most) };
    }
    case "largest":
      return { operation: "largest", count: args.count };
    case "keep":
    case "remove":
      return { operation: args.operation, voxels: args.voxels };
  }
}

/** A segment for each island that was split off, called and coded after the one it was in, with a colour of its own. */
function newSegments({ labels }: EffectStudy, split: readonly SplitIsland[]): SegmentEdit[] {
  return split.map(({ value, segment, number }) => {
    const { name, code } = labels.segments.get(segment);
    return labels.segments.planAdd({ value, name: `${name} ${number}`, ...(code ? { code } : {}) });
  });
}
