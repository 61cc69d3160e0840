import { type AbortOptions, isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import type { StudyRecord, StudySource, StudyStore } from "#storage";
import { storedBytes, type VolumeDescription } from "#volume";
import { fitsStudy } from "./given-spacing.ts";
import type { ImportService } from "./import-service.ts";
import type { ImportRunOptions, SeriesRow } from "./import.api.ts";
import type { Messages } from "./messages.ts";
import type { Room } from "./room.ts";

/** The parts of a session that it takes. */
export interface ImportCopyPort {
  readonly port: { readonly imports: ImportService; readonly store: StudyStore };
  readonly messages: Messages;
  readonly room: Room;
  /** Studies that must not be removed now. */
  inUse(): readonly string[];
  remove(volumeId: string): Promise<void>;
  refresh(): Promise<void>;
}

export interface ImportCopyOptions extends AbortOptions {
  readonly notes?: readonly string[];
  /** Where the series can be read again without asking. */
  readonly place?: Omit<StudySource, "fingerprint">;
  /** Its files, where the browser gives access to them again: kept until the import is whole. */
  readonly handles?: readonly FileSystemHandle[];
  /** Opens the series where it lies instead, where the user would rather; the study. */
  readonly openInPlace?: (series: SeriesRow) => Promise<StudyRecord>;
  /** The series for a study of its own, where there is none to go on with; it is taken as it is without this. */
  readonly asNew?: (series: SeriesRow) => Promise<SeriesRow>;
  /** The import to go on with, which must be of these files; otherwise one that is cut off and is of these files. */
  readonly into?: StudyRecord;
  /** What shows the study while it comes in; `wholeSlices` of it are there. */
  readonly show?: (
    volumeId: string,
    description: VolumeDescription,
    wholeSlices: number,
  ) => Pick<ImportRunOptions, "onPartial" | "onBricks">;
  /** Called as soon as nothing more comes of the import, before anything is cleared away. */
  readonly ended?: () => void;
}

/** Longest wait for the lock of an import whose worker died, milliseconds. */
const LOCK_WAIT_MS = 2000;

/**
 * Brings a series into the cache. An import of the same files that was cut off goes on where it ended. Where there is no room the user
 * is asked what to remove, and the import goes on; what is in stays, also when the user would rather not or a worker dies.
 */
export async function importCopy(
  session: ImportCopyPort,
  found: SeriesRow,
  options: ImportCopyOptions,
): Promise<StudyRecord> {
  const { imports, store } = session.port;
  const { fingerprint, description } = found;
  const { asNew = async (row) => row } = options;
  let begun = options.into ?? (await cutOffImport(store, found));
  if (begun && !options.into) {
    session.messages.post({ tone: "info", text: `${description.name}: goes on with the import that was cut off.` });
  }
  let series = begun ? found : await asNew(found);
  let volumeId = begun?.volumeId ?? crypto.randomUUID();
  const { place, handles } = options;
  if (begun && handles) await store.keepHandles(volumeId, handles);
  try {
    for (;;) {
      try {
        return await imports.run(series, volumeId, {
          ...(options.signal ? { signal: options.signal } : {}),
          ...(options.notes ? { notes: options.notes } : {}),
          ...options.show?.(volumeId, series.description, begun?.wholeSlices ?? 0),
          ...(begun
            ? { resume: true }
            : { place: { source: { fingerprint, ...place }, ...(handles ? { handles } : {}) } }),
        });
      } catch (error) {
        if (isAbortError(error)) throw error;
        // Other voxels under the same description: a study of its own, unless that very import was to go on.
        if (isVoxelwrightError(error) && error.fields["otherVoxels"] === true && !options.into && begun) {
          begun = undefined;
          volumeId = crypto.randomUUID();
          series = await asNew(series);
          continue;
        }
        begun = await whatIsLeft(store, volumeId);
        if (isVoxelwrightError(error) && isFull(error)) {
          const answer = await makeRoom(session, series, begun, error, options);
          if (answer === "in-place") return await options.openInPlace!(series);
          if (answer) continue;
        }
        throw begun ? withWhatIsKept(error, begun) : error;
      }
    }
  } catch (error) {
    options.ended?.();
    await whatIsLeft(store, volumeId).catch(() => undefined);
    // What it could not remove itself: its worker died, the disk was full, or the views still held its file.
    await store.recover().catch(() => undefined);
    await session.refresh().catch(() => undefined);
    throw error;
  }
}

/** Share of an import that is in, 0 to 1. */
export function importedShare({ description, wholeSlices = 0 }: StudyRecord): number {
  return wholeSlices / (description.grid.dims[2] * description.frames);
}

async function cutOffImport(store: StudyStore, series: SeriesRow): Promise<StudyRecord | undefined> {
  const studies = await store.list();
  return studies.find(
    (study) =>
      study.state === "cut-off" && study.source?.fingerprint === series.fingerprint && fitsStudy(series, study),
  );
}

/** The import as it was left, once nobody is at it any more: a worker that was ended gives its lock back a little later. */
async function whatIsLeft(store: StudyStore, volumeId: string): Promise<StudyRecord | undefined> {
  for (const until = performance.now() + LOCK_WAIT_MS; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const record = await store.get(volumeId);
    if (record?.state === "cut-off" && record.wholeSlices) return record;
    if (record?.state !== "importing" || performance.now() > until) return undefined;
  }
}

function isFull(error: unknown): boolean {
  return isVoxelwrightError(error) && error.kind === "storage" && error.fields["quota"] === true;
}

/** Asks what to remove and removes it; undefined when there is nothing to do or the user would rather not. */
async function makeRoom(
  session: ImportCopyPort,
  { description, inPlace }: SeriesRow,
  begun: StudyRecord | undefined,
  { fields }: VoxelwrightError,
  { signal, openInPlace }: ImportCopyOptions,
): Promise<"removed" | "in-place" | undefined> {
  const { store } = session.port;
  const inUse = [...session.inUse(), ...(begun ? [begun.volumeId] : [])];
  const studies = (await store.list())
    .filter(({ volumeId, state }) => state !== "importing" && !inUse.includes(volumeId))
    .sort((a, b) => b.bytes - a.bytes);
  const canLie = inPlace !== undefined && openInPlace !== undefined && !begun;
  if (studies.length === 0 && !canLie) return undefined;
  const left = begun ? 1 - importedShare(begun) : 1;
  const { neededBytes = Math.ceil(storedBytes(description) * left), freeBytes } = fields;
  const answer = await session.room.ask(
    {
      name: description.name,
      neededBytes: Number(neededBytes),
      // Where the disk was full on the way, what the browser says of it is not true.
      freeBytes: freeBytes === undefined ? undefined : Number(freeBytes),
      begun: begun !== undefined,
      studies,
      inPlace: canLie,
    },
    signal,
  );
  if (answer === "in-place") return answer;
  if (!answer || answer.length === 0) return undefined;
  for (const volumeId of answer) await session.remove(volumeId);
  return "removed";
}

/** The same error, which says what is left of the import. */
function withWhatIsKept(error: unknown, begun: StudyRecord): unknown {
  if (!isVoxelwrightError(error) || !["storage", "worker", "network"].includes(error.kind)) return error;
  const { kind, fields, cause } = error;
  const percent = Math.floor(importedShare(begun) * 100);
  const what = isFull(error) ? "The browser's storage is full." : error.message;
  return new VoxelwrightError(kind, `${what} ${percent}% of the import is kept.`, {
    subject: begun.description.name,
    advice: isFull(error)
      ? "Remove a study from the list or free disk space, then go on with it from the list."
      : "Go on with it from the list of studies.",
    fields,
    cause,
  });
}
