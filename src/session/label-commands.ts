import { type ProgressOptions, VoxelwrightError } from "#base";
import { collectBytes, shapeNotes, statisticsCsv } from "#export";
import * as v from "valibot";
import { bytesOfFile } from "./bytes-of-file.ts";
import { addAgreementCommands } from "./agreement-commands.ts";
import type { CommandRegistry } from "./command-registry.ts";
import { boxOfLabels } from "./box-of-labels.ts";
import { addComponentCommands } from "./component-commands.ts";
import { ijkSchema } from "./effects/effect.ts";
import { addFillCommands } from "./fill-commands.ts";
import { addHistogramCommands } from "./histogram-commands.ts";
import { folderAccess } from "./folder-access.ts";
import type { LabelFileRequest } from "./label-files.api.ts";
import { writeLabelsInto } from "./label-folder.ts";
import { measureStatistics } from "./measure-statistics.ts";
import type { Session } from "./session.ts";
import { addSurfaceCommands } from "./surface-commands.ts";
import { toolChangeSchema } from "./tool-change-schema.ts";
import { isComputing } from "./tool-command.ts";
import { followTool, previewTool } from "./tool-preview.ts";
import { writeLabelFile } from "./write-label-file.ts";

const segment = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
/** What a handle of a folder has; none of these classes is there in Node. */
const folderSchema = v.custom<FileSystemDirectoryHandle>(
  (value) => typeof value === "object" && value !== null && "getDirectoryHandle" in value,
  "Give the handle of a folder.",
);
const groupNameSchema = v.pipe(
  v.string(),
  v.regex(/^[\w][\w.-]*$/, "Use letters, digits, dots, hyphens and underscores."),
);
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
    description:
      "Voxels, millilitres, shown values with percentiles, place and, with `shape`, shape of each segment as last committed; an open preview is left as it is.",
    palette: false,
    schema: v.object({ segments: v.optional(v.array(segment)), shape: v.optional(v.boolean()) }),
    run: ({ segments, shape = false }, options) =>
      measureStatistics(session, { shape, ...(segments ? { segments } : {}) }, options),
  });
  registry.add({
    id: "label.export",
    title: "Export",
    description:
      "Labels as nii.gz, seg.nrrd, nii, nrrd, mha or ome-zarr (a group `labels` in an archive); statistics with shape as csv. Of what is committed. With `as` file the result holds a Blob on the disk in place of bytes, of any size.",
    palette: false,
    schema: v.object({
      format: v.picklist(["nii.gz", "seg.nrrd", "nii", "nrrd", "mha", "ome-zarr", "csv"]),
      as: v.optional(v.picklist(["bytes", "file"]), "bytes"),
    }),
    async run({ format, as }, options) {
      const { labels, image, record } = session.requireStudy();
      const { name, stored } = record.description;
      const fileName = (extension: string): string => `${name}${extension}`;
      if (format === "csv") {
        const rows = await measureStatistics(session, { shape: true }, options);
        const file = statisticsCsv(rows, shapeNotes(image.grid));
        return { bytes: await collectBytes(file), fileName: fileName(file.extension), notes: file.notes };
      }
      // Labels do not change in a snapshot while they are written, and an open preview is not part of it.
      const snapshot = await labels.snapshot();
      const request: LabelFileRequest = {
        format: format === "ome-zarr" ? "zarr.zip" : format,
        onDisk: as === "file",
        name,
        grid: image.grid.toData(),
        bricks: new Map(snapshot.brickIndices().map((index) => [index, snapshot.encodedBrick(index)!])),
        segments: labels.segments.list(),
        ...(stored ? { stored } : {}),
      };
      const write = session.port.writeLabelFile ?? writeLabelFile;
      const { file, extension, notes } = await session.jobs.run(
        "Writing labels",
        (running) => write(request, running),
        options,
      );
      const named = { fileName: fileName(extension), notes };
      return as === "file" ? { file, ...named } : { bytes: await bytesOfFile(file), ...named };
    },
  });
  registry.add({
    id: "label.writeToImage",
    title: "Write labels into the image",
    description:
      "Writes the committed labels as `labels/NAME` into the folder of the OME-Zarr image that they are of. `folder` is a FileSystemDirectoryHandle with access to write.",
    palette: false,
    schema: v.object({ folder: folderSchema, name: v.optional(groupNameSchema) }),
    run: ({ folder, name }, options) => writeLabelsInto(session, folderAccess(folder), folder.name, name, options),
  });
  addSurfaceCommands(registry, session);
  addToolCommands(registry, session);
  addAgreementCommands(registry, session);
  addComponentCommands(registry, session);
  addFillCommands(registry, session);
  addHistogramCommands(registry, session);
}

function addToolCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "tool.set",
    title: "Choose a tool",
    description: "Sets the tool and its options; groups are merged. A preview follows its tool's options at once.",
    palette: false,
    schema: toolChangeSchema,
    async run(change) {
      const tools = session.setTools(change);
      followTool(session, change);
      return tools;
    },
  });
  registry.add({
    id: "tool.fitBox",
    title: "Put the box round the sketches",
    description:
      "Sets the box that growth from seeds stays in to that of all unlocked segments and `marginMm` around it (default 20).",
    palette: false,
    schema: v.object({ marginMm: v.optional(v.pipe(v.number(), v.minValue(0)), 20) }),
    async run({ marginMm }, options) {
      const study = session.requireStudy();
      const kernels = await session.port.kernels();
      const find = (run: ProgressOptions) => boxOfLabels(study, kernels, marginMm, run);
      const box = await session.jobs.run("Measuring the sketches", find, options);
      const change = { seeds: { box } };
      session.setTools(change);
      followTool(session, change);
      return box;
    },
  });
  registry.add({
    id: "preview.fill",
    title: "Fill between slices (preview)",
    description: "Computes a fill from the tool's options and shows it before it is accepted.",
    schema: v.object({}),
    run: () => previewTool(session, "fill"),
  });
  registry.add({
    id: "preview.tool",
    title: "Compute the tool's preview",
    description: "Computes what the tool in hand would do with its options and shows it before it is accepted.",
    palette: false,
    schema: v.object({}),
    async run() {
      const { active } = session.tools.value;
      if (isComputing(active)) return previewTool(session, active);
      throw new VoxelwrightError("argument", "This tool has nothing to compute.", {
        advice: "Choose fill, threshold, seeds, islands, smooth or margin.",
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
