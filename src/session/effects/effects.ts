import { type AbortOptions, VoxelwrightError } from "#base";
import * as v from "valibot";
import type { CommandRegistry } from "../command-registry.ts";
import { noPreview } from "../preview.ts";
import { orWhenEnding } from "../edit-queue.ts";
import type { Session } from "../session.ts";
import type { LabelEffect } from "./effect.ts";
import { fillEffect } from "./fill-effect.ts";
import { growEffect } from "./grow-effect.ts";
import { holesEffect } from "./holes-effect.ts";
import { hollowEffect } from "./hollow-effect.ts";
import { islandsEffect } from "./islands-effect.ts";
import { marginEffect } from "./margin-effect.ts";
import { seedsEffect } from "./seeds-effect.ts";
import { smoothEffect } from "./smooth-effect.ts";
import { thresholdEffect } from "./threshold-effect.ts";

/** Every effect, in the order of the tools. */
export const EFFECTS: readonly LabelEffect<object>[] = [
  growEffect,
  fillEffect,
  seedsEffect,
  thresholdEffect,
  islandsEffect,
  holesEffect,
  marginEffect,
  hollowEffect,
  smoothEffect,
];

/** Effects as commands, and the commands of their preview. */
export function addEffectCommands(registry: CommandRegistry, session: Session): void {
  for (const effect of EFFECTS) {
    const { id, title, description, schema } = effect;
    const run = (args: object, options: AbortOptions) => applyEffect(session, effect, args, options);
    registry.add({ id, title, description, schema, palette: false, run });
  }
  registry.add({
    id: "preview.show",
    title: "Preview",
    description: "Shows what a label command would do with its arguments, before it is accepted.",
    palette: false,
    schema: v.object({ command: v.string(), args: v.record(v.string(), v.unknown()) }),
    run: ({ command, args }) => {
      const { effect, args: parsed } = effectNamed(command, args);
      return session.requireStudy().preview.show(effect, parsed);
    },
  });
  registry.add({
    id: "preview.accept",
    title: "Accept the preview",
    description: "Makes what is shown a step of the history.",
    schema: v.object({}),
    async run() {
      const { preview } = session.requireStudy();
      if (!preview.state.value) throw noPreview();
      return { changed: await preview.accept() };
    },
  });
  registry.add({
    id: "preview.cancel",
    title: "Cancel the preview",
    description: "Takes back what is shown.",
    schema: v.object({}),
    run: async () => session.study.value?.preview.cancel(),
  });
}

/** An effect by its command, with its arguments checked. Throws `argument`. */
export function effectNamed(
  command: string,
  args: object,
): { readonly effect: LabelEffect<object>; readonly args: object } {
  const effect = EFFECTS.find(({ id }) => id === command);
  if (!effect) {
    const advice = `Commands with a preview: ${EFFECTS.map(({ id }) => id).join(", ")}.`;
    throw new VoxelwrightError("argument", `${command} has no preview.`, { advice });
  }
  const parsed = v.safeParse(effect.schema, args);
  if (!parsed.success) throw new VoxelwrightError("argument", parsed.issues[0].message, { subject: command });
  return { effect, args: parsed.output };
}

/** Runs an effect and applies what it proposes as one step; a locked or kept voxel is left as it is. */
async function applyEffect(
  session: Session,
  effect: LabelEffect<object>,
  args: object,
  options: AbortOptions,
): Promise<{ changed: number; milliseconds: number }> {
  const study = session.requireStudy();
  const over = effect.over ?? session.tools.value.over;
  const kernels = await session.port.kernels();
  return study.labels.queue.run((ending) =>
    session.jobs.run(
      effect.doing,
      async (run) => {
        const start = performance.now();
        const proposal = await effect.compute(study, kernels, args, run);
        const milliseconds = performance.now() - start;
        const transaction = study.labels.begin({ over });
        try {
          await transaction.applyInSteps(proposal, run);
          const changed = await study.labels.recordInSteps(effect.id, args, transaction, run, proposal.segments);
          return { changed, milliseconds };
        } catch (error) {
          if (transaction.open) transaction.rollback();
          throw error;
        }
      },
      orWhenEnding(options, ending),
    ),
  );
}
