import { type AbortOptions, isVoxelwrightError, type ReadonlySignal, VoxelwrightError } from "#base";
import type { StudyRecord, StudySource, StudyStore } from "#storage";
import { fitsStudy, spacedAs } from "./given-spacing.ts";
import type { ImportCopyOptions } from "./import-copy.ts";
import type { ImportInput } from "./import-input.ts";
import type { ImportService } from "./import-service.ts";
import type { SeriesRow } from "./import.api.ts";
import { keptFiles } from "./kept-files.ts";
import type { Messages } from "./messages.ts";
import type { OpenStudy } from "./open-study.ts";

/** The parts of a session that it takes. */
export interface ImportAgainPort {
  readonly port: {
    readonly imports: ImportService;
    readonly store: StudyStore;
    sample(id: string): Promise<{ readonly name: string; readonly blob: Blob }>;
  };
  readonly messages: Messages;
  readonly study: ReadonlySignal<OpenStudy | undefined>;
  bringIn(series: SeriesRow, show: boolean, options: ImportCopyOptions): Promise<string>;
  settle(volumeId: string): Promise<OpenStudy>;
  refresh(): Promise<void>;
}

/** Where a study can be read again without asking. */
export function placeOf(input: ImportInput, sample?: string): Pick<ImportCopyOptions, "place" | "handles"> {
  if ("url" in input) return { place: { url: input.url } };
  if ("handles" in input) return { handles: input.handles };
  return sample === undefined ? {} : { place: { sample } };
}

/**
 * Goes on with an import that was cut off, of the files given or from where it was read, and opens the study. Rejects with `source`
 * when these are other files, with `filesNeeded: true` where only files that the user chooses again can help.
 */
export async function resumeImport(
  session: ImportAgainPort,
  volumeId: string,
  given: ImportInput | undefined,
  options: AbortOptions,
): Promise<OpenStudy> {
  const record = await session.port.store.get(volumeId);
  if (record?.state !== "cut-off") {
    throw new VoxelwrightError("not-found", "There is no import of this study that was cut off.", {
      subject: volumeId,
      advice: "Open its files to import them.",
    });
  }
  await fromFiles(session, record, given, options, async (series) => {
    await session.bringIn(spacedAs(series, record), true, {
      ...options,
      ...(given ? placeOf(given) : {}),
      into: record,
    });
  });
  await session.refresh();
  return session.settle(volumeId);
}

/** Replaces what is damaged of a study, likewise; the number of bricks. */
export async function repair(
  session: ImportAgainPort,
  volumeId: string,
  given: ImportInput | undefined,
  options: AbortOptions,
): Promise<number> {
  const record = await session.port.store.get(volumeId);
  if (record?.state !== "ready") {
    throw new VoxelwrightError("not-found", "The study is not in the local cache.", { subject: volumeId });
  }
  return fromFiles(session, record, given, options, (series) => repairFrom(session, volumeId, series, options));
}

/** Replaces what is damaged of a study by the series it was imported from; the number of bricks. */
export async function repairFrom(
  session: ImportAgainPort,
  volumeId: string,
  series: SeriesRow,
  options: AbortOptions,
): Promise<number> {
  const count = await session.port.imports.repair(series, volumeId, options);
  const { name } = series.description;
  const replaced = count === 1 ? "One damaged part was replaced." : `${count} damaged parts were replaced.`;
  session.messages.retract(name);
  session.messages.post({ tone: "info", text: `${name}: ${count === 0 ? "Nothing of it is damaged." : replaced}` });
  const study = session.study.value;
  // Views ask again for what failed.
  if (study?.record.volumeId === volumeId) study.image.bricks.stored([]);
  await session.refresh();
  return count;
}

/** The study of this series that is known to be damaged, if there is one. */
export async function damagedStudy(store: StudyStore, series: SeriesRow): Promise<StudyRecord | undefined> {
  const studies = await store.list();
  return studies.find(
    (study) =>
      study.damaged &&
      study.state === "ready" &&
      study.source?.fingerprint === series.fingerprint &&
      fitsStudy(series, study),
  );
}

/** How a series is read where it lies, if a study was made of it in that way. */
export async function knownInPlace(store: StudyStore, series: SeriesRow): Promise<SeriesRow["inPlace"]> {
  const { id, inPlace } = series;
  if (!inPlace) return undefined;
  const studies = await store.list();
  const known = studies.some(
    (study) =>
      study.origin?.seriesId === id && study.origin.fingerprint === inPlace.fingerprint && fitsStudy(series, study),
  );
  return known ? inPlace : undefined;
}

/** Does something with the series that a study was imported from, among the files given or where it can be read again. */
async function fromFiles<Result>(
  session: ImportAgainPort,
  { volumeId, source, description }: StudyRecord,
  given: ImportInput | undefined,
  options: AbortOptions,
  work: (series: SeriesRow) => Promise<Result>,
): Promise<Result> {
  const { name } = description;
  if (!source) {
    throw new VoxelwrightError("not-found", "It is not known which files the study was imported from.", {
      subject: volumeId,
      advice: "Open its files as a new study.",
    });
  }
  const input = given ?? (await knownInput(session, volumeId, source));
  if (!input) throw filesNeeded(name, "The browser keeps no access to the files of this import.");
  const kept = !given && "handles" in input;
  if (kept && input.denied) throw filesNeeded(name, "The browser was not allowed to read its files again.");
  const matches = (series: SeriesRow): boolean => series.fingerprint === source.fingerprint;
  try {
    const { series } = await session.port.imports.choose(input, { ...options, wanted: { name, matches } });
    return await work(series[0]!);
  } catch (error) {
    if (!kept || !isVoxelwrightError(error) || error.kind !== "source") throw error;
    const { message, fields } = error;
    const others = fields["otherFiles"] === true || fields["otherVoxels"] === true;
    throw filesNeeded(name, others ? "Its files are not those any more that it began with." : message, error);
  }
}

/** Where a study can be read again, without a word of the user or once the user allows it. */
async function knownInput(
  { port }: ImportAgainPort,
  volumeId: string,
  { url, sample }: StudySource,
): Promise<ImportInput | undefined> {
  if (url !== undefined) return { url };
  return sample === undefined ? keptFiles(port.store, volumeId) : { files: [await port.sample(sample)] };
}

function filesNeeded(subject: string, message: string, cause?: unknown): VoxelwrightError {
  return new VoxelwrightError("argument", message, {
    subject,
    advice: "Choose the same files again.",
    fields: { filesNeeded: true },
    cause,
  });
}
