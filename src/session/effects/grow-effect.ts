import { VoxelwrightError } from "#base";
import { type GrowRequest, leakGuardRadius } from "#workers";
import * as v from "valibot";
import type { StudyImage } from "../study-image.ts";
import {
  connectivitySchema,
  type EffectStudy,
  ijkSchema,
  type LabelEffect,
  regionSchema,
  requireInside,
  requireSpacing,
  segmentSchema,
} from "./effect.ts";

const schema = v.object({
  segment: segmentSchema,
  seeds: v.pipe(v.array(ijkSchema), v.minLength(1)),
  /** Shown values, both ends inside; absent with `confidence`. */
  range: v.optional(v.tuple([v.number(), v.number()])),
  /** A range of mean ± multiplier · sd, found from `radius` voxels around the seeds and then from what has grown. */
  confidence: v.optional(v.object({ multiplier: v.number(), iterations: v.number(), radius: v.number() })),
  /** Largest change of the shown value a mm. */
  gradient: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** Passages narrower than twice this, in mm, are not entered. */
  leakGuardMm: v.optional(v.pipe(v.number(), v.minValue(0))),
  connectivity: v.optional(connectivitySchema),
  region: v.optional(regionSchema),
});

export type GrowArguments = v.InferOutput<typeof schema>;

export const growEffect: LabelEffect<GrowArguments> = {
  id: "label.grow",
  title: "Grow a region",
  description:
    "Grows from seeds over connected voxels whose shown value lies in `range` (both ends inside), or in a range found by " +
    "`confidence`. `gradient` stops at edges (shown value a mm), `leakGuardMm` at narrow passages.",
  schema,
  doing: "Growing",
  readsLabels: false,
  nothing: "Nothing is reached: the clicked voxel is outside the range.",
  async compute(study, kernels, args, options) {
    const { segment, seeds, range, confidence, connectivity = 6, region } = args;
    study.labels.segments.get(segment);
    for (const seed of seeds) requireInside(study, "The seed", seed);
    if ((range === undefined) === (confidence === undefined)) {
      throw new VoxelwrightError("argument", "A growth needs a range or a rule of confidence, and not both.");
    }
    const { image } = study;
    const request: GrowRequest = {
      seeds,
      connectivity,
      segment,
      ...(range ? { range: image.toStoredRange(...range) } : {}),
      ...(confidence ? { confidence } : {}),
      ...(region ? { region } : {}),
      ...limits(study, args),
    };
    const grown = await kernels.grow(image.kernelImage, request, options);
    return grown.range ? { ...grown, note: rangeNote(image, grown.range) } : grown;
  },
};

/** The range that was found, in shown values. */
function rangeNote(image: StudyImage, { low, high }: { readonly low: number; readonly high: number }): string {
  const ends = [image.toShown(low), image.toShown(high)].sort((a, b) => a - b) as [number, number];
  const { unit } = image.description;
  const [from, to] = ends.map((value) => Number(value.toPrecision(4)));
  return `Range found: ${from} to ${to}${unit ? ` ${unit}` : ""}.`;
}

function limits(
  study: EffectStudy,
  { gradient, leakGuardMm }: GrowArguments,
): Pick<GrowRequest, "gradient" | "leakGuard"> {
  if (gradient === undefined && !leakGuardMm) return {};
  const spacingMm = requireSpacing(study);
  const slope = Math.abs(study.image.description.rescale.slope);
  return {
    ...(gradient === undefined ? {} : { gradient: { maximumPerMm: gradient / slope, spacingMm } }),
    ...(leakGuardMm ? { leakGuard: { radius: leakGuardRadius(leakGuardMm, spacingMm) } } : {}),
  };
}
