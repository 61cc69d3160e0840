import type { AbortOptions } from "#base";
import { evenBins, type Histogram, rescaleHistogram, THRESHOLD_METHODS, voxelsIn } from "#volume";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import { regionSchema, segmentSchema } from "./effects/effect.ts";
import type { Session } from "./session.ts";

const choice = { region: v.optional(regionSchema), segment: v.optional(segmentSchema) };
type Choice = v.InferOutput<v.ObjectSchema<typeof choice, undefined>>;

/** Bins for a picture when nothing else is said. */
const SHOWN_BINS = 256;

/** Commands that count the values of the image: histograms, and thresholds found in them. All values are shown ones. */
export function addHistogramCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "volume.histogram",
    title: "Histogram",
    description:
      "How often shown values occur, in at most `bins` bins (default 256) at even distances: everywhere, in a region, inside a segment. Everywhere in an image that is not copied means its overview of `level`; so it does for `overview`, which is as good for a picture and quick in any image.",
    palette: false,
    schema: v.object({
      bins: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536)), SHOWN_BINS),
      overview: v.optional(v.boolean(), false),
      ...choice,
    }),
    async run({ bins, overview, ...where }, options) {
      const { histogram, level } = await countShown(session, { ...where, overview }, bins, options);
      const even = evenBins(histogram, bins);
      return {
        /** Middle of the first bin, and the distance from one to the next. */
        first: even?.first ?? 0,
        step: even?.step ?? histogram.step,
        counts: [...(even?.counts ?? [])],
        voxels: voxelsIn(histogram),
        notFinite: histogram.notFinite,
        level,
      };
    },
  });
  registry.add({
    id: "volume.thresholds",
    title: "Automatic thresholds",
    description: `Thresholds in shown values; what is above one is the next class. Methods: ${THRESHOLD_METHODS.join(", ")} (default all).`,
    palette: false,
    schema: v.object({ methods: v.optional(v.array(v.picklist(THRESHOLD_METHODS))), ...choice }),
    async run({ methods = THRESHOLD_METHODS, ...where }, options) {
      const { histogram } = await countShown(session, { ...where, overview: false }, undefined, options);
      const kernels = await session.port.kernels();
      return kernels.thresholds(histogram, methods, options);
    },
  });
}

async function countShown(
  session: Session,
  { region, segment, overview }: Choice & { readonly overview: boolean },
  bins: number | undefined,
  options: AbortOptions,
): Promise<{ readonly histogram: Histogram; readonly level: number }> {
  const { image, labels } = session.requireStudy();
  if (segment !== undefined) labels.segments.get(segment);
  const everywhere = !region && segment === undefined;
  const counted = everywhere ? image.countedImage(overview) : { image: image.kernelImage, level: 0 };
  const count = (): Promise<Histogram> =>
    session.jobs.run(
      "Counting values",
      async (run) => {
        const kernels = await session.port.kernels();
        const request = {
          ...(region ? { region } : {}),
          ...(bins === undefined ? {} : { bins }),
          ...(segment === undefined ? {} : { inside: { labels: labels.labelmap, segments: [segment] } }),
        };
        const histogram = await kernels.histogram(counted.image, request, run);
        return rescaleHistogram(histogram, image.description.rescale);
      },
      options,
    );
  // Labels must not change while they are read; without them an open preview stays.
  const histogram = await (segment === undefined ? count() : labels.queue.run(() => count()));
  return { histogram, level: counted.level };
}
