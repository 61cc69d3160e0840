import type { AbortOptions } from "#base";
import { collectBytes, type ExportFile, labelFile, shownStatistics, statisticsCsv } from "#export";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import { connectivitySchema, ijkSchema } from "./effects/effect.ts";
import { fillEffect } from "./effects/fill-effect.ts";
import type { OpenStudy } from "./open-study.ts";
import type { Session } from "./session.ts";

const segment = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const over = v.union([v.picklist(["all", "empty"]), v.array(segment)]);

/** Commands that change labels, measure them and write them. */
export function addLabelCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "label.paint",
    title: "Paint",
    description:
      "Paints discs or spheres round voxels; segment 0 erases. Discs lie across `axis` (0 = i, 1 = j, 2 = k; default k).",
    palette: false,
    schema: v.object({
      segment,
      ijk: v.array(ijkSchema),
      radiusMm: v.pipe(v.number(), v.minValue(0)),
      shape: v.picklist(["disc", "sphere"]),
      axis: v.optional(v.picklist([0, 1, 2])),
      over: v.optional(over),
    }),
    async run({ axis, over: rule, ...rest }) {
      const rules = { over: rule ?? session.tools.value.over };
      const study = session.requireStudy();
      return {
        changed: await study.paint({ ...rest, ...(axis === undefined ? {} : { axis }), rules, command: "label.paint" }),
      };
    },
  });
  registry.add({
    id: "label.statistics",
    title: "Statistics",
    description: "Voxels, millilitres, mean, standard deviation, smallest and largest shown value per segment.",
    palette: false,
    schema: v.object({ segments: v.optional(v.array(segment)) }),
    async run({ segments }, options) {
      const rows = await statistics(session, options);
      return segments ? rows.filter((row) => segments.includes(row.segment)) : rows;
    },
  });
  registry.add({
    id: "label.export",
    title: "Export",
    description: "Labels as nii.gz, seg.nrrd, nii, nrrd or mha; statistics as csv.",
    palette: false,
    schema: v.object({ format: v.picklist(["nii.gz", "seg.nrrd", "nii", "nrrd", "mha", "csv"]) }),
    async run({ format }, options) {
      const study = session.requireStudy();
      const { name } = study.record.description;
      const write = async (file: ExportFile): Promise<object> => ({
        bytes: await collectBytes(file),
        fileName: `${name}${file.extension}`,
        notes: file.notes,
      });
      if (format === "csv") return write(statisticsCsv(await statistics(session, options)));
      // Labels must not change while they are written, and an open preview is not part of them.
      return study.labels.queue.run(() => {
        const { labelmap, segments } = study.labels;
        return write(labelFile(format, { name, grid: study.image.grid, labels: labelmap, segments: segments.list() }));
      });
    },
  });
  addToolCommands(registry, session);
}

function addToolCommands(registry: CommandRegistry, session: Session): void {
  const number = v.optional(v.number());
  registry.add({
    id: "tool.set",
    title: "Choose a tool",
    description: "Sets the tool and its options; groups are merged.",
    palette: false,
    schema: v.object({
      tool: v.optional(v.picklist(["navigate", "pan", "zoom", "window", "brush", "eraser", "grow", "fill"])),
      brush: v.optional(v.partial(v.object({ radiusMm: v.number(), shape: v.picklist(["disc", "sphere"]) }))),
      mask: v.optional(v.partial(v.object({ on: v.boolean(), low: v.number(), high: v.number() }))),
      over: v.optional(over),
      grow: v.optional(
        v.object({
          low: number,
          high: number,
          connectivity: v.optional(connectivitySchema),
          boxMm: v.optional(v.nullable(v.number())),
          method: v.optional(v.picklist(["range", "confidence"])),
          multiplier: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(20))),
          gradient: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))),
          leakGuardMm: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))),
        }),
      ),
      fill: v.optional(
        v.partial(
          v.object({
            method: v.picklist(["shape", "image"]),
            axis: v.picklist(["auto", "axial", "coronal", "sagittal"]),
            segments: v.picklist(["active", "all"]),
          }),
        ),
      ),
    }),
    async run(change) {
      const tools = session.setTools(change as Parameters<Session["setTools"]>[0]);
      const preview = session.study.value?.preview;
      // A changed range, connectivity or box is seen at once on the growth under way.
      if (change.grow && preview?.seed) {
        preview.grow(preview.seed, tools.grow).catch((error: unknown) => session.messages.postError(error));
      }
      return tools;
    },
  });
  registry.add({
    id: "preview.fill",
    title: "Fill between slices (preview)",
    description: "Computes a fill from the tool's options and shows it before it is accepted.",
    schema: v.object({}),
    async run() {
      const study = session.requireStudy();
      const { fill } = session.tools.value;
      const axis = fill.axis === "auto" ? undefined : axisAcross(study, fill.axis);
      const segments = fill.segments === "active" ? [await study.ensureSegment()] : undefined;
      await study.preview.show(fillEffect, {
        method: fill.method,
        ...(axis === undefined ? {} : { axis }),
        ...(segments ? { segments } : {}),
      });
    },
  });
  registry.add({
    id: "job.cancel",
    title: "Cancel running work",
    description: "Cancels one job, or all without an id.",
    schema: v.object({ id: v.optional(v.string()) }),
    run: async ({ id }) => session.jobs.cancel(id),
  });
}

async function statistics(session: Session, options: AbortOptions) {
  const study = session.requireStudy();
  const { labels, image } = study;
  return labels.queue.run(() =>
    session.jobs.run(
      "Measuring",
      async (run) => {
        const kernels = await session.port.kernels();
        const rows = await kernels.statistics(image.kernelImage, labels.labelmap, run);
        return shownStatistics(rows, {
          grid: image.grid,
          labels: labels.labelmap,
          segments: labels.segments.list(),
          description: image.description,
        });
      },
      options,
    ),
  );
}

/** Index axis whose slices are most nearly those of an anatomical plane. */
function axisAcross(study: OpenStudy, plane: "axial" | "coronal" | "sagittal"): 0 | 1 | 2 {
  const across = { sagittal: 0, coronal: 1, axial: 2 }[plane];
  const { direction } = study.image.grid;
  const share = ([0, 1, 2] as const).map((axis) => Math.abs(direction[across * 3 + axis]!));
  return share.indexOf(Math.max(...share)) as 0 | 1 | 2;
}
