import { type AbortOptions, type ReadonlySignal, VoxelwrightError } from "#base";
import type { StudyRecord, StudySource, StudyStore } from "#storage";
import type { ImportCopyOptions } from "./import-copy.ts";
import type { ImportInput, ImportService } from "./import-service.ts";
import type { SeriesRow } from "./import.api.ts";
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
export function placeOf(input: ImportInput, sample: string | undefined): Omit<StudySource, "fingerprint"> {
  if ("url" in input) return { url: input.url };
  return sample === undefined ? {} : { sample };
}

/**
 * Goes on with an import that was cut off, of the files given or from where it was read, and opens the study. Rejects with `source`
 * when these are other files.
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
  const series = await seriesAgain(session, record, given, options);
  await session.bringIn(series, true, { ...options, into: record });
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
  return repairFrom(session, volumeId, await seriesAgain(session, record, given, options), options);
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
export async function damagedStudy(store: StudyStore, { fingerprint }: SeriesRow): Promise<StudyRecord | undefined> {
  const studies = await store.list();
  return studies.find(
    ({ damaged, state, source }) => damaged && state === "ready" && source?.fingerprint === fingerprint,
  );
}

/** How a series is read where it lies, if a study was made of it in that way. */
export async function knownInPlace(store: StudyStore, { id, inPlace }: SeriesRow): Promise<SeriesRow["inPlace"]> {
  if (!inPlace) return undefined;
  const studies = await store.list();
  const known = studies.some(({ origin }) => origin?.seriesId === id && origin.fingerprint === inPlace.fingerprint);
  return known ? inPlace : undefined;
}

/** The series that a study was imported from, among the files given or where it can be read without asking. */
async function seriesAgain(
  session: ImportAgainPort,
  { volumeId, source, description }: StudyRecord,
  given: ImportInput | undefined,
  options: AbortOptions,
): Promise<SeriesRow> {
  const { name } = description;
  if (!source) {
    throw new VoxelwrightError("not-found", "It is not known which files the study was imported from.", {
      subject: volumeId,
      advice: "Open its files as a new study.",
    });
  }
  const { fingerprint, url, sample } = source;
  const known = url !== undefined ? { url } : sample !== undefined && { files: [await session.port.sample(sample)] };
  const input = given ?? known;
  if (!input) {
    throw new VoxelwrightError("argument", "The browser keeps no access to the files of an import.", {
      subject: name,
      advice: "Choose the same files again.",
    });
  }
  const matches = (series: SeriesRow): boolean => series.fingerprint === fingerprint;
  const { series } = await session.port.imports.choose(input, { ...options, wanted: { name, matches } });
  return series[0]!;
}
