import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import { connectivitySchema, segmentSchema } from "./effects/effect.ts";
import { orWhenEnding } from "./edit-queue.ts";
import type { Session } from "./session.ts";

/** Rows of each segment when nothing else is said: as many as a person looks through. */
const SHOWN_ROWS = 100;

/** The command that lists connected components. */
export function addComponentCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "label.components",
    title: "Connected components",
    description:
      "Lists the islands of segments: `rows` of the `most` largest of each (default 100) with voxels, first voxel and box; `segments` " +
      "counts all. `connectivity` is 6 (default), 18 or 26.",
    palette: false,
    schema: v.object({
      segments: v.optional(v.array(segmentSchema)),
      connectivity: v.optional(connectivitySchema),
      most: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), SHOWN_ROWS),
    }),
    async run({ segments, connectivity = 6, most }, options) {
      const { labels } = session.requireStudy();
      const request = { connectivity, most, ...(segments ? { segments } : {}) };
      // Labels must not change while they are read.
      return labels.queue.run((ending) =>
        session.jobs.run(
          "Finding components",
          async (run) => (await session.port.kernels()).components(labels.labelmap, request, run),
          orWhenEnding(options, ending),
        ),
      );
    },
  });
}
