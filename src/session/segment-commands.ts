import type { SegmentChange } from "#labelmap";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";

const value = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
const withValue = v.object({ value });

/** Commands on the segment list; each change is a step of the history. */
export function addSegmentCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "segment.add",
    title: "Add a segment",
    description: "Adds a segment and makes it the active one.",
    schema: v.object({
      name: v.optional(v.string()),
      color: v.optional(v.string()),
      value: v.optional(value),
      code: v.optional(v.object({ scheme: v.string(), value: v.string(), meaning: v.string() })),
    }),
    async run(args) {
      const study = session.requireStudy();
      const wanted = Object.fromEntries(Object.entries(args).filter(([, given]) => given !== undefined));
      const added = await study.addSegment(wanted);
      return { segment: study.labels.segments.get(added) };
    },
  });
  registry.add({
    id: "segment.update",
    title: "Change a segment",
    description: "Renames, colours, locks or shows a segment, or sets its opacity in 3D (0 to 1): whatever is given.",
    palette: false,
    schema: v.object({
      value,
      name: v.optional(v.string()),
      color: v.optional(v.string()),
      locked: v.optional(v.boolean()),
      visible: v.optional(v.boolean()),
      opacity3d: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    }),
    async run({ value, ...rest }) {
      const { labels } = session.requireStudy();
      const change = Object.fromEntries(
        Object.entries(rest).filter(([, given]) => given !== undefined),
      ) as SegmentChange;
      await labels.changeSegments("segment.update", { value, ...change }, () => [
        labels.segments.planChange(value, change),
      ]);
      return { segment: labels.segments.get(value) };
    },
  });
  registry.add({
    id: "segment.remove",
    title: "Delete a segment",
    description: "Deletes a segment with its voxels; can be undone.",
    palette: false,
    schema: withValue,
    async run({ value }) {
      const { labels } = session.requireStudy();
      const changed = await labels.queue.run(async () => {
        const edit = labels.segments.planDelete(value);
        const transaction = labels.begin({ over: "all" });
        try {
          transaction.eraseSegment(value);
        } catch (error) {
          transaction.rollback();
          throw error;
        }
        return labels.record("segment.remove", { value }, transaction, [edit]);
      });
      return { changed };
    },
  });
  registry.add({
    id: "segment.activate",
    title: "Choose a segment",
    description: "Makes a segment the one that tools draw.",
    palette: false,
    schema: withValue,
    async run({ value }) {
      const study = session.requireStudy();
      study.activeSegment.value = study.labels.segments.get(value).value;
    },
  });
  registry.add({
    id: "segment.showAll",
    title: "Show or hide all segments",
    description: "Shows or hides all segments at once.",
    schema: v.object({ visible: v.boolean() }),
    async run({ visible }) {
      const { labels } = session.requireStudy();
      await labels.changeSegments("segment.showAll", { visible }, () =>
        labels.segments.list().map((segment) => labels.segments.planChange(segment.value, { visible })),
      );
    },
  });
}
