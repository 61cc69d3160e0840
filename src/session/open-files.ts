import { isAbortError } from "#base";
import type { StudyRecord } from "#storage";
import { openChunked } from "./chunked/open-chunked.ts";
import { giveSpacing, ownSpacing, type SpacingWish } from "./given-spacing.ts";
import { damagedStudy, knownInPlace, placeOf, repairFrom } from "./import-again.ts";
import type { ImportCopyOptions } from "./import-copy.ts";
import type { ImportInput } from "./import-input.ts";
import type { SeriesRow } from "./import.api.ts";
import { LabelsBeside } from "./labels-beside.ts";
import type { OpenStudy } from "./open-study.ts";
import type { Session } from "./session.ts";

export interface OpenFilesOptions {
  readonly signal?: AbortSignal;
  readonly sample?: string;
  /** False reads the image where it lies, where that is possible. Default true. */
  readonly copy?: boolean;
  /** For sizes of voxels that the files do not give. */
  readonly spacing?: SpacingWish;
}

/**
 * Imports and opens: the chosen series, the first of them shown. What was open stays open until the first slices of the new
 * study are there, and comes back when the import fails or is cancelled.
 */
export async function openFiles(
  session: Session,
  input: ImportInput,
  options: OpenFilesOptions = {},
): Promise<OpenStudy> {
  const { imports, chunked } = session.port;
  // What lies at an address is mostly read from there.
  if ("url" in input) chunked.prepare();
  const beside = new LabelsBeside();
  const choosing = { ...options, only: beside.imagesOnly };
  const { series: found, notes, asked } = await imports.choose(input, choosing);
  const { spacing, ...others } = options;
  const chosen = await giveSpacing(session, found, spacing, others);
  const asNew = (series: SeriesRow): Promise<SeriesRow> => ownSpacing(session, series, spacing, others);
  const bringing = { ...others, ...placeOf(input, options.sample), notes, asNew };
  let first: string | undefined;
  const failures: unknown[] = [];
  for (const series of chosen) {
    try {
      const volumeId = await takeIn(session, series, input, first === undefined, bringing);
      first ??= volumeId;
    } catch (error) {
      if (isAbortError(error)) throw error;
      failures.push(error);
    }
  }
  if (first === undefined) throw failures[0];
  for (const failure of failures) session.messages.postError(failure);
  await session.refresh();
  if (!asked) session.warnNotes(chosen[0]!.description.name, notes);
  const study = await session.settle(first);
  beside.tell(session.messages);
  return study;
}

/** Brings a series into the list, in the way that suits it and what is there of it already; the id of its study. */
async function takeIn(
  session: Session,
  series: SeriesRow,
  input: ImportInput,
  show: boolean,
  { copy = true, ...options }: ImportCopyOptions & { readonly copy?: boolean },
): Promise<string> {
  const { store } = session.port;
  const chunked = series.chunked ?? (copy ? await knownInPlace(store, series) : series.inPlace);
  if (chunked) return openChunked(session, { ...series, chunked }, input, options);
  const damaged = await damagedStudy(store, series);
  if (damaged) {
    await repairFrom(session, damaged.volumeId, series, options);
    return damaged.volumeId;
  }
  const { inPlace } = series;
  const openInPlace = async (row: SeriesRow): Promise<StudyRecord> => {
    const volumeId = await openChunked(session, { ...row, chunked: inPlace! }, input, options);
    return (await store.get(volumeId))!;
  };
  return session.bringIn(series, show, { ...options, ...(inPlace ? { openInPlace } : {}) });
}
