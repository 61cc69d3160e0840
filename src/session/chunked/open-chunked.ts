import { type AbortOptions, isAbortError } from "#base";
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

/**
 * Brings a series into the list of studies whose bricks are read where they lie, and gives its id. Where the same image is in the
 * list already, that study goes on: with its labels, and with what was read of it before. Failure or abort leaves nothing behind.
 */
export async function openChunked(
  session: OpenChunkedPort,
  series: SeriesRow,
  input: ImportInput,
  options: AbortOptions & { readonly notes?: readonly string[] },
): Promise<string> {
  const { imports, chunked, store } = session.port;
  const { name } = series.description;
  return imports.during(
    name,
    async (run) => {
      for (const record of await store.list()) {
        const { origin, state } = record;
        const same = origin?.seriesId === series.id && origin.fingerprint === series.chunked?.fingerprint;
        if (state !== "ready" || !same || !fitsStudy(series, record) || !(await chunked.matches(record, input, run)))
          continue;
        await chunked.provide(record, input);
        if ("handles" in input) await store.keepHandles(record.volumeId, input.handles);
        session.messages.retract(origin.name);
        session.messages.post({ tone: "info", text: `${name} is in the list of studies: it goes on with its labels.` });
        return record.volumeId;
      }
      const volumeId = crypto.randomUUID();
      try {
        const given = series.spacingMm ? { spacingMm: series.spacingMm } : {};
        const study = { volumeId, input, seriesId: series.id, notes: options.notes ?? [], ...given };
        const record = await chunked.create(study, run);
        if (!("url" in input)) await chunked.provide(record, input);
        return volumeId;
      } catch (error) {
        await store.recover().catch(() => undefined);
        if (!isAbortError(error)) await session.refresh().catch(() => undefined);
        throw error;
      }
    },
    options,
  );
}
