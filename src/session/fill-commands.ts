import type { ProgressOptions } from "#base";
import type { KernelLabels, Kernels, NextSlice } from "#workers";
import * as v from "valibot";
import { applyViewChange } from "#views";
import type { CommandRegistry } from "./command-registry.ts";
import { axisSchema } from "./effects/effect.ts";
import { fillEntries, fillRequest } from "./effects/fill-effect.ts";
import type { Session } from "./session.ts";
import { toolCommand } from "./tool-command.ts";

/** The commands that ask how sure a fill is. */
export function addFillCommands(registry: CommandRegistry, session: Session): void {
  const ask = <Answer>(
    doing: string,
    options: { readonly signal?: AbortSignal | undefined },
    question: (kernels: Kernels, labels: KernelLabels, run: ProgressOptions) => Promise<Answer>,
  ): Promise<Answer> => {
    const { labels } = session.requireStudy();
    // As of the last commit: a fill that is shown is what the question is about.
    return session.jobs.run(
      doing,
      async (run) => question(await session.port.kernels(), await labels.labelmap.snapshot(), run),
      options,
    );
  };
  registry.add({
    id: "label.nextSlice",
    title: "Next slice to annotate",
    description:
      "The slice whose annotation would put most of `label.fill` with the same arguments right: {axis, index, voxels, ml, wrongVoxels}. " +
      "`across` names the axes that it may lie across: by default that of a stack, or all.",
    palette: false,
    schema: v.object({
      ...fillEntries,
      across: v.optional(v.pipe(v.array(axisSchema), v.minLength(1, "No axis is given."))),
    }),
    run({ across, ...args }, options) {
      const study = session.requireStudy();
      const request = fillRequest(study, args);
      return ask("Looking for the next slice", options, (kernels, labels, run) =>
        kernels.nextSlice(labels, request, across, run),
      );
    },
  });
  registry.add({
    id: "fill.goToNextSlice",
    title: "Go to the next slice to annotate",
    description: "Moves the crosshair to the slice that `label.nextSlice` names for the options of the fill tool.",
    schema: v.object({}),
    async run(_args, options): Promise<NextSlice> {
      const study = session.requireStudy();
      const { args } = await toolCommand(study, session.tools.value, "fill", []);
      const request = fillRequest(study, v.parse(v.object(fillEntries), args));
      const next = await ask("Looking for the next slice", options, (kernels, labels, run) =>
        kernels.nextSlice(labels, request, undefined, run),
      );
      const view = session.view.value;
      if (view) {
        const { grid } = study.image;
        const ijk = [...grid.toIndex(view.crosshair.value)] as [number, number, number];
        ijk[next.axis] = next.index;
        applyViewChange(view, { crosshair: grid.toLps(ijk), orientation: { base: "voxel", rotation: [0, 0, 0, 1] } });
      }
      return next;
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
      return ask("Looking how sure the fill is", options, (kernels, labels, run) =>
        kernels.fillCertainty(labels, request, slice, run),
      );
    },
  });
}
