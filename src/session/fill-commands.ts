import type { ProgressOptions } from "#base";
import type { Kernels } from "#workers";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import { axisSchema } from "./effects/effect.ts";
import { fillEntries, fillRequest } from "./effects/fill-effect.ts";
import type { Session } from "./session.ts";

/** The commands that ask how sure a fill is. */
export function addFillCommands(registry: CommandRegistry, session: Session): void {
  const ask = <Answer>(
    doing: string,
    options: { readonly signal?: AbortSignal | undefined },
    question: (kernels: Kernels, run: ProgressOptions) => Promise<Answer>,
  ): Promise<Answer> => {
    const { labels } = session.requireStudy();
    // Labels must not change while they are read.
    return labels.queue.run(() =>
      session.jobs.run(doing, async (run) => question(await session.port.kernels(), run), options),
    );
  };
  registry.add({
    id: "label.nextSlice",
    title: "Next slice to annotate",
    description:
      "The slice whose annotation would put most of `label.fill` with the same arguments right: {axis, index, voxels, ml, wrongVoxels}. " +
      "`across` limits it to some axes.",
    palette: false,
    schema: v.object({
      ...fillEntries,
      across: v.optional(v.pipe(v.array(axisSchema), v.minLength(1, "No axis is given."))),
    }),
    run({ across, ...args }, options) {
      const study = session.requireStudy();
      const request = fillRequest(study, args);
      return ask("Looking for the next slice", options, (kernels, run) =>
        kernels.nextSlice(study.labels.labelmap, request, across, run),
      );
    },
  });
  registry.add({
    id: "label.certainty",
    title: "Certainty of a fill",
    description:
      "How likely each voxel of slice {axis, index} is right after `label.fill` with the other arguments: {size, certainty}, certainty " +
      "from 0 to 1, the lower axis fastest.",
    palette: false,
    schema: v.object({
      ...fillEntries,
      slice: v.object({ axis: axisSchema, index: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
    }),
    run({ slice, ...args }, options) {
      const study = session.requireStudy();
      const request = fillRequest(study, args);
      return ask("Looking how sure the fill is", options, (kernels, run) =>
        kernels.fillCertainty(study.labels.labelmap, request, slice, run),
      );
    },
  });
}
