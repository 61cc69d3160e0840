import { computed, VoxelwrightError } from "#base";
import type { IndexAxis, VolumeDescription } from "#volume";
import { ImageGrid } from "#volume";
import * as v from "valibot";
import { canChangeSpacing, changeSpacing } from "./change-spacing.ts";
import type { CommandRegistry } from "./command-registry.ts";
import { repair, resumeImport } from "./import-again.ts";
import { importLabels } from "./import-labels.ts";
import { labelsOfImage } from "./labels-of-image.ts";
import { openFiles } from "./open-files.ts";
import type { Session } from "./session.ts";
import { filesSchema, handlesSchema, spacingSchema, toInput, toSourceFiles, urlSchema } from "./source-schemas.ts";

/** What `study.open` and `voxelwright info` say of a volume. */
export interface StudySummary {
  readonly volumeId: string;
  readonly name: string;
  readonly dims: readonly number[];
  /** Row-major 3×4; null for an uneven stack, whose slices no affine can place. */
  readonly indexToLps: readonly number[] | null;
  readonly spacingMm: readonly number[];
  readonly originMm: readonly number[];
  /** Row-major 3×3, columns are the index axes. */
  readonly direction: readonly number[];
  readonly voxelType: string;
  readonly modality: string;
  readonly frames: number;
  readonly unit: string;
  /** Axes along which the size of voxels is assumed, as neither the source nor anybody gave it. */
  readonly missingSpacing: readonly IndexAxis[];
  readonly notes: readonly string[];
}

export function summarise(volumeId: string, description: VolumeDescription): StudySummary {
  const grid = new ImageGrid(description.grid);
  return {
    volumeId,
    name: description.name,
    dims: [...grid.dims],
    indexToLps: grid.regular ? [...grid.indexToLps] : null,
    spacingMm: [...grid.spacingMm],
    originMm: [...grid.originMm],
    direction: [...grid.direction],
    voxelType: description.voxelType,
    modality: description.modality,
    frames: description.frames,
    unit: description.unit,
    missingSpacing: [...(description.missingSpacing?.axes ?? [])],
    notes: [...description.notes],
  };
}

const withVolumeId = v.object({ volumeId: v.string() });
const againSchema = v.object({
  volumeId: v.string(),
  files: v.optional(filesSchema),
  handles: v.optional(handlesSchema),
  url: v.optional(urlSchema),
});

/** False reads the voxels of raw files from there, brick by brick; others are copied all the same. */
const copySchema = v.optional(v.boolean(), true);

/** Commands that open, list and remove studies. */
export function addStudyCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "study.open",
    title: "Open a scan",
    description:
      "Imports files, an address or a sample scan into the local cache and shows it; an OME-Zarr image or a precomputed volume is read where it lies, " +
      "and so is, without a `copy`, a scan in raw files. `spacingMm`, three sizes or “ask”, is for files that do not give the size of voxels: 1 mm is taken without it.",
    palette: false,
    schema: v.union([
      v.object({ files: filesSchema, copy: copySchema, spacingMm: spacingSchema }),
      v.object({ handles: handlesSchema, copy: copySchema, spacingMm: spacingSchema }),
      v.object({ url: urlSchema, spacingMm: spacingSchema }),
      v.object({ sample: v.string() }),
    ]),
    async run(args, options) {
      const abort = options.signal ? { signal: options.signal } : {};
      const input = "sample" in args ? { files: [await session.port.sample(args.sample)] } : toInput(args)!;
      const sample = "sample" in args ? { sample: args.sample } : {};
      const copy = !("copy" in args) || args.copy;
      const spacing = "spacingMm" in args ? { spacing: args.spacingMm } : {};
      const study = await openFiles(session, input, { ...abort, ...sample, ...spacing, copy });
      return summarise(study.record.volumeId, study.record.description);
    },
  });
  registry.add({
    id: "study.cancelImport",
    title: "Cancel the import",
    description: "Stops the import under way; nothing of it is kept but what was in before it went on.",
    palette: false,
    schema: v.object({}),
    run: async () => session.port.imports.cancel(),
  });
  registry.add({
    id: "study.resume",
    title: "Go on with an import",
    description:
      "Goes on with an import that was cut off, of the same files given again; without files, from the address or sample it was of, or " +
      "from files that the browser keeps access to.",
    palette: false,
    schema: againSchema,
    async run({ volumeId, ...input }, options) {
      const given = toInput(input);
      const study = await resumeImport(session, volumeId, given, options.signal ? { signal: options.signal } : {});
      return summarise(study.record.volumeId, study.record.description);
    },
  });
  registry.add({
    id: "study.repair",
    title: "Repair a study",
    description:
      "Replaces parts of a scan that are damaged in the local cache by the same files given again; without files, from the address " +
      "or sample it was of. Labels stay.",
    palette: false,
    schema: againSchema,
    async run({ volumeId, ...input }, options) {
      const given = toInput(input);
      return { repaired: await repair(session, volumeId, given, options.signal ? { signal: options.signal } : {}) };
    },
  });
  registry.add({
    id: "study.list",
    title: "List studies",
    description: "Studies in the local cache.",
    palette: false,
    schema: v.object({}),
    async run() {
      await session.refresh();
      return session.studies.value;
    },
  });
  registry.add({
    id: "study.reopen",
    title: "Open a study of the list",
    description:
      "Opens a study from the local cache. Where its image is read where it lies, the browser may ask for access to the files.",
    palette: false,
    schema: withVolumeId,
    async run({ volumeId }) {
      const study = await session.reopen(volumeId);
      return summarise(study.record.volumeId, study.record.description);
    },
  });
  registry.add({
    id: "study.setSpacing",
    title: "Change the voxel size",
    description:
      "Puts right the sizes of voxels that the files of the open study do not give: three, in mm, along i, j and k, or asked for without " +
      "`spacingMm`. Labels and measurements stay on their voxels; the journal has it, and undo leaves it.",
    schema: v.object({ spacingMm: spacingSchema }),
    enabled: computed(() => {
      const study = session.shownStudy.value;
      return study !== undefined && canChangeSpacing(study.record.description);
    }),
    async run({ spacingMm = "ask" }, options) {
      const { record } = await changeSpacing(session, spacingMm, options);
      return summarise(record.volumeId, record.description);
    },
  });
  registry.add({
    id: "study.remove",
    title: "Remove a study",
    description: "Removes a study, its labels and its journal from the local cache.",
    palette: false,
    schema: withVolumeId,
    run: ({ volumeId }) => session.remove(volumeId),
  });
  registry.add({
    id: "study.close",
    title: "Close the study",
    description: "Goes back to the list of studies; everything is kept.",
    schema: v.object({}),
    run: () => session.close(),
  });
  registry.add({
    id: "volume.value",
    title: "Value of a voxel",
    description: "Shown value (HU where the file says so) and label of the voxel at [i, j, k].",
    palette: false,
    schema: v.object({ ijk: v.tuple([v.number(), v.number(), v.number()]) }),
    async run({ ijk }) {
      const study = session.requireStudy();
      const value = await study.image.valueAt(ijk);
      if (value === undefined) {
        throw new VoxelwrightError(
          "argument",
          `Voxel ${ijk.join(", ")} is outside the volume of ${study.image.grid.dims.join(" × ")}.`,
        );
      }
      return { value, label: study.labels.labelmap.valueAt(ijk) };
    },
  });
  registry.add({
    id: "label.import",
    title: "Import labels",
    description:
      "Puts a labelmap onto the open study, as one step: files, an address, or, with `ofImage`, labels that lie in the study's own OME-Zarr image.",
    palette: false,
    schema: v.union([
      v.object({ files: filesSchema }),
      v.object({ url: urlSchema }),
      v.object({ ofImage: v.literal(true) }),
    ]),
    run(args, options) {
      if ("files" in args) return importLabels(session, { files: toSourceFiles(args.files) }, options);
      if ("url" in args) return importLabels(session, args, options);
      const { input, only } = labelsOfImage(session);
      return importLabels(session, input, { ...options, only, none: "The image has no labels of its own." });
    },
  });
  registry.add({
    id: "storage.persist",
    title: "Keep the cache",
    description: "Asks the browser not to clear the local cache by itself.",
    schema: v.object({}),
    async run() {
      const persisted = await navigator.storage.persist();
      await session.refresh();
      return { persisted };
    },
  });
  registry.add({
    id: "settings.set",
    title: "Change settings",
    description: "Author of changes and memory budgets in bytes.",
    palette: false,
    schema: v.object({
      author: v.optional(v.string()),
      poolBytes: v.optional(v.pipe(v.number(), v.minValue(64 * 2 ** 20, "At least 64 MiB are needed."))),
      atlasBytes: v.optional(v.pipe(v.number(), v.minValue(64 * 2 ** 20, "At least 64 MiB are needed."))),
    }),
    run: (args) =>
      session.setSettings(Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))),
  });
}
