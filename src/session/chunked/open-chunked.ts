import { type AbortOptions, isAbortError, type ProgressOptions } from "#base";
import type { StudyStore } from "#storage";
import { fitsStudy } from "../given-spacing.ts";
import type { ImportInput } from "../import-input.ts";
import type { ImportService } from "../import-service.ts";
import type { SeriesRow } from "../import.api.ts";
import type { Messages } from "../messages.ts";
import type { ChunkedService } from "./chunked-service.ts";

/** The parts of a session that it takes. */
export interface OpenChunkedPort {
  readonly port: {
    readonly imports: ImportService;
    readonly chunked: ChunkedService;
    readonly store: StudyStore;
  };
  readonly messages: Messages;
  refresh(): Promise<void>;
}

export interface OpenChunkedOptions extends AbortOptions {
  readonly notes?: readonly string[];
  /** As for `importCopy`. */
  readonly asNew?: (series: SeriesRow) => Promise<SeriesRow>;
}

/**
 * Brings a series into the list of studies whose bricks are read where they lie, and gives its id. Where the same image is in the
 * list already, that study goes on: with its labels, and with what was read of it before. Failure or abort leaves nothing behind.
 */
export async function openChunked(
  session: OpenChunkedPort,
  series: SeriesRow,
  input: ImportInput,
  options: OpenChunkedOptions,
): Promise<string> {
  const { imports } = session.port;
  const { name } = series.description;
  const known = await imports.during(name, (run) => goOn(session, series, input, run), options);
  if (known !== undefined) return known;
  const own = (await options.asNew?.(series)) ?? series;
  return imports.during(name, (run) => create(session, own, input, { ...run, notes: options.notes ?? [] }), options);
}

/** The id of the study of this very image; undefined where there is none. */
async function goOn(
  { port, messages }: OpenChunkedPort,
  series: SeriesRow,
  input: ImportInput,
  options: AbortOptions,
): Promise<string | undefined> {
  const { chunked, store } = port;
  for (const record of await store.list()) {
    const { origin, state, volumeId } = record;
    const same = origin?.seriesId === series.id && origin.fingerprint === series.chunked?.fingerprint;
    if (state !== "ready" || !same || !fitsStudy(series, record)) continue;
    if (!(await chunked.matches(record, input, options))) continue;
    await chunked.provide(record, input);
    if ("handles" in input) await store.keepHandles(volumeId, input.handles);
    const { name } = series.description;
    messages.retract(origin.name);
    messages.post({ tone: "info", text: `${name} is in the list of studies: it goes on with its labels.` });
    return volumeId;
  }
  return undefined;
}

async function create(
  session: OpenChunkedPort,
  { id, spacingMm }: SeriesRow,
  input: ImportInput,
  { notes, ...options }: ProgressOptions & { readonly notes: readonly string[] },
): Promise<string> {
  const { chunked, store } = session.port;
  const volumeId = crypto.randomUUID();
  try {
    const study = { volumeId, input, seriesId: id, notes, ...(spacingMm ? { spacingMm } : {}) };
    const record = await chunked.create(study, options);
    if (!("url" in input)) await chunked.provide(record, input);
    return volumeId;
  } catch (error) {
    await store.recover().catch(() => undefined);
    if (!isAbortError(error)) await session.refresh().catch(() => undefined);
    throw error;
  }
}
