import { VoxelwrightError } from "#base";
import { inTermsOf } from "#workers";
import * as v from "valibot";
import { type EffectStudy, type LabelEffect, regionSchema, requireSpacing, segmentSchema } from "./effect.ts";

const cost = v.pipe(v.number(), v.minValue(0));
const schema = v.object({
  segments: v.optional(v.array(segmentSchema)),
  region: v.optional(regionSchema),
  connectivity: v.optional(v.picklist([6, 26], "Growth from seeds knows 6 and 26 neighbours.")),
  spatialWeight: v.optional(cost),
  bias: v.optional(v.record(v.string(), cost)),
  maximumCost: v.optional(cost),
  inside: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)))),
});

export type SeedsArguments = v.InferOutput<typeof schema>;

export const seedsEffect: LabelEffect<SeedsArguments> = {
  id: "label.seeds",
  title: "Grow from seeds",
  description:
    "Divides the region between segments: each voxel goes to the segment from whose strokes the cheapest path leads to it. Values " +
    "are shown ones; `spatialWeight` is a value that counts as much as a millimetre. All unlocked segments take part unless named.",
  schema,
  doing: "Growing from seeds",
  readsLabels: true,
  // What may change is said by `inside`; the kernel proposes nothing else.
  over: "all",
  nothing: "Nothing is left to grow over: every voxel is taken already, or walled off.",
  compute(study, kernels, args, options) {
    const { image, labels } = study;
    const inside = args.inside ?? [0];
    for (const segment of [...(args.segments ?? []), ...inside]) if (segment !== 0) requireUnlocked(study, segment);
    const segments = args.segments ?? unlockedBeside(study, inside);
    // Costs are differences of values: only the slope of the shown values counts.
    const slope = Math.abs(image.description.rescale.slope);
    const toStored = (value: number) => value / slope;
    const { connectivity = 6, region, spatialWeight, maximumCost } = args;
    const request = {
      segments,
      inside,
      spacingMm: requireSpacing(study),
      connectivity,
      bias: storedBias(args.bias ?? {}, segments, toStored),
      ...(region ? { region } : {}),
      ...(spatialWeight === undefined ? {} : { spatialWeight: toStored(spatialWeight) }),
      ...(maximumCost === undefined ? {} : { maximumCost: toStored(maximumCost) }),
    };
    const grown = kernels.growFromSeeds(image.kernelImage, labels.labelmap, request, options);
    return grown.catch((error: unknown) => {
      throw inTermsOf(error, { slope });
    });
  },
};

/** Segments that may take part and are not grown over. */
function unlockedBeside({ labels }: EffectStudy, inside: readonly number[]): number[] {
  const free = labels.segments.list().filter(({ locked, value }) => !locked && !inside.includes(value));
  return free.map(({ value }) => value);
}

function requireUnlocked({ labels }: EffectStudy, value: number): void {
  const segment = labels.segments.get(value);
  if (!segment.locked) return;
  throw new VoxelwrightError("locked", "The segment is locked.", {
    subject: segment.name,
    advice: "Unlock it, or leave it out: its voxels are then walls.",
  });
}

function storedBias(
  shown: Readonly<Record<string, number>>,
  segments: readonly number[],
  toStored: (value: number) => number,
): Record<number, number> {
  const stored: Record<number, number> = {};
  for (const [segment, value] of Object.entries(shown)) {
    if (!segments.includes(Number(segment))) {
      throw new VoxelwrightError("argument", `A bias is given for segment ${segment}, which is not among the seeds.`);
    }
    stored[Number(segment)] = toStored(value);
  }
  return stored;
}
