import { type AbortOptions, VoxelwrightError } from "#base";
import { distanceNotes, shownAgreement, shownOverall } from "#export";
import type { SegmentEdit } from "#labelmap";
import { type Consensus, overallAgreement } from "#workers";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import {
  type ConsensusArguments,
  consensusArguments,
  consensusEffect,
  consensusMethodSchema,
} from "./effects/consensus-effect.ts";
import type { ImportInput } from "./import-input.ts";
import type { OpenStudy } from "./open-study.ts";
import { type FileLabels, readLabelmap } from "./read-labelmap.ts";
import type { Session } from "./session.ts";
import { filesSchema, toSourceFiles, urlSchema } from "./source-schemas.ts";

const segment = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
const compareOptions = {
  toleranceMm: v.optional(v.pipe(v.number(), v.minValue(0, "A tolerance is 0 mm or more."))),
  segments: v.optional(v.array(segment)),
};

/** Commands that hold labelmap files against the open labels and against one another. */
export function addAgreementCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "label.compare",
    title: "Compare with a labelmap",
    description:
      "How far the labels (B) agree with those of a file (A, held to be right): Dice, surface distances and surface Dice per segment and over all.",
    palette: false,
    schema: v.union([
      v.object({ files: filesSchema, ...compareOptions }),
      v.object({ url: urlSchema, ...compareOptions }),
    ]),
    run: (args, options) => {
      const input = "files" in args ? { files: toSourceFiles(args.files) } : { url: args.url };
      return compareWithFile(session, input, args, options);
    },
  });
  registry.add({
    id: "label.consensus",
    title: "Consensus of labelmaps",
    description:
      "Makes one label map of several files by majority or STAPLE and lays it over the labels, as one step or, with `preview`, to be accepted.",
    palette: false,
    schema: v.object({
      files: v.pipe(filesSchema, v.minLength(2, "A consensus needs two files or more.")),
      method: v.optional(consensusMethodSchema, "staple"),
      preview: v.optional(v.boolean()),
    }),
    async run({ files, method, preview }, options) {
      const read: FileLabels[] = [];
      for (const file of toSourceFiles(files)) read.push(await readLabelmap(session, { files: [file] }, options));
      return layConsensus(session, read, method, preview ?? false, options);
    },
  });
}

async function compareWithFile(
  session: Session,
  input: ImportInput,
  {
    toleranceMm,
    segments,
  }: { readonly toleranceMm?: number | undefined; readonly segments?: readonly number[] | undefined },
  options: AbortOptions,
): Promise<object> {
  const study = session.requireStudy();
  const file = await readLabelmap(session, input, options);
  // What is committed: an open preview is not part of the labels yet, and stays open.
  const own = await study.labels.snapshot();
  const { grid } = study.image;
  const [x, y, z] = grid.spacingMm;
  const rows = await session.jobs.run(
    "Comparing",
    async (run) => {
      const kernels = await session.port.kernels();
      return kernels.compare(file.labels, own, [x, y, z], {
        ...run,
        ...(toleranceMm === undefined ? {} : { toleranceMm }),
        ...(segments ? { segments } : {}),
      });
    },
    options,
  );
  const described = file.segments.map(({ value, name }) => ({
    value,
    name,
    color: "#808080",
    locked: false,
    visible: true,
  }));
  return {
    file: file.name,
    // The open study's own names come last, and so count where both name a value.
    rows: shownAgreement(rows, { grid, segments: [...described, ...study.labels.segments.list()] }),
    overall: shownOverall(overallAgreement(rows), grid),
    notes: [...file.notes, ...distanceNotes(grid)],
  };
}

async function layConsensus(
  session: Session,
  files: readonly FileLabels[],
  method: ConsensusArguments["method"],
  preview: boolean,
  options: AbortOptions,
): Promise<object> {
  const study = session.requireStudy();
  const found = await session.jobs.run(
    "Finding a consensus",
    async (run) => {
      const kernels = await session.port.kernels();
      return kernels.consensus(
        files.map(({ labels }) => labels),
        { method },
        run,
      );
    },
    options,
  );
  const args = consensusArguments(files, method);
  let changed: number | undefined;
  if (preview) {
    const withSegments = consensusEffect(found, () => plannedSegments(study, files, found));
    await study.preview.show(withSegments, args);
  } else changed = await study.labels.queue.run(() => applyConsensus(study, files, found, args, options));
  return {
    ...(changed === undefined ? {} : { changed }),
    voxels: found.proposal.voxels,
    undecided: found.undecided,
    iterations: found.iterations,
    raters: found.raters.map(({ labels }, n) => ({ file: files[n]!.name, labels })),
    notes: files.flatMap(({ notes }) => notes),
  };
}

/** One step of the history: segments that are new, and the labels. The caller holds the queue. */
async function applyConsensus(
  study: OpenStudy,
  files: readonly FileLabels[],
  found: Consensus,
  args: ConsensusArguments,
  options: AbortOptions,
): Promise<number> {
  const added = plannedSegments(study, files, found);
  const transaction = study.labels.begin({ over: "all" });
  try {
    await transaction.applyInSteps(found.proposal, options.signal ? { signal: options.signal } : {});
    return await study.labels.record("label.consensus", args, transaction, added);
  } catch (error) {
    if (transaction.open) transaction.rollback();
    throw error;
  }
}

/** A segment for every label of the files that has none. Throws `locked` where a label's segment is locked. */
function plannedSegments({ labels }: OpenStudy, files: readonly FileLabels[], found: Consensus): SegmentEdit[] {
  const described = files.flatMap(({ segments }) => segments);
  return found.labels.flatMap((value) => {
    const held = labels.segments.find(value);
    if (held?.locked) {
      throw new VoxelwrightError("locked", "The segment is locked.", {
        subject: held.name,
        advice: "Unlock it, or leave it out of the files.",
      });
    }
    if (held) return [];
    const about = described.find((segment_) => segment_.value === value && segment_.layer === 0);
    return [
      labels.segments.planAdd({
        value,
        ...(about ? { name: about.name } : {}),
        ...(about?.color ? { color: about.color } : {}),
      }),
    ];
  });
}
