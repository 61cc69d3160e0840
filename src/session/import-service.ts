import {
  type AbortOptions,
  type Disposable,
  isAbortError,
  processors,
  type ProgressOptions,
  type ReadonlySignal,
  signal,
  VoxelwrightError,
} from "#base";
import type { RefusedFile, SeriesChoice } from "#sources";
import { spawnWorker, type WorkerConnection } from "#workers";
import type {
  ImportRunOptions,
  ImportWorkerApi,
  ListingRows,
  ReadLabels,
  ReadLabelsOptions,
  SeriesRow,
} from "./import.api.ts";
import type { ImportInput } from "./import-input.ts";
import type { StudyRecord } from "#storage";
import type { ImageGridData } from "#volume";

/** The import as the page shows it. */
export interface ImportState {
  readonly name: string;
  readonly fraction: number | undefined;
  readonly what: string;
  /** True once the first slices are on screen. */
  readonly firstSlices: boolean;
}

/** Which series to open; the page asks and calls `answer` once. */
export interface SeriesQuestion {
  readonly title: string;
  readonly series: readonly SeriesChoice[];
  readonly refused: readonly RefusedFile[];
  /** What is odd about the opening as a whole. */
  readonly notes: readonly string[];
  /** Only one can be used. */
  readonly single: boolean;
  answer(ids: readonly string[] | undefined): void;
}

/** Series to open, and what is to be said of the files they came from. */
export interface ChosenSeries {
  readonly series: readonly SeriesRow[];
  /** Files that were left out and why, and what is odd about the opening as a whole. */
  readonly notes: readonly string[];
  /** True when the user has seen what was left out, in the question which series to open. */
  readonly asked: boolean;
}

export interface ChooseOptions {
  /** Only one can be used. */
  readonly single?: boolean;
  readonly title?: string;
  /** Series that come into question; all of them without it. */
  readonly only?: (series: SeriesRow) => boolean;
  /** What is said when there is none that comes into question. */
  readonly none?: string;
  /** The series of a study that began before, called `name`: it is taken without a question. */
  readonly wanted?: { readonly name: string; matches(series: SeriesRow): boolean };
}

/** The page's side of importing: one worker, one import at a time, asked about when several series are found. */
export class ImportService implements Disposable {
  readonly #state = signal<ImportState | undefined>(undefined);
  readonly #question = signal<SeriesQuestion | undefined>(undefined);
  #connection: WorkerConnection<ImportWorkerApi> | undefined;
  /** What was looked into last, and the worker that knows of it. */
  #listed: { readonly input: ImportInput; by: WorkerConnection<ImportWorkerApi> | undefined } | undefined;
  #abort: AbortController | undefined;

  get state(): ReadonlySignal<ImportState | undefined> {
    return this.#state;
  }

  get question(): ReadonlySignal<SeriesQuestion | undefined> {
    return this.#question;
  }

  get busy(): boolean {
    return this.#abort !== undefined;
  }

  cancel(): void {
    this.#question.value?.answer(undefined);
    this.#abort?.abort();
  }

  /**
   * Looks into files and gives the series to open: the only one, or those that the user chose. Rejects with AbortError
   * when the user cancels, with `source` when nothing can be opened.
   */
  async choose(input: ImportInput, options: AbortOptions & ChooseOptions = {}): Promise<ChosenSeries> {
    const name = nameOf(input);
    const listed = await this.#work(
      name,
      (abort) => {
        this.#listed = { input, by: undefined };
        return this.#list(this.#listed, { signal: abort, onProgress: this.#progress(name, false) });
      },
      options,
    );
    const { only } = options;
    const found = only ? { ...listed, series: listed.series.filter(only) } : listed;
    if (found.series.length === 0) {
      this.#restart();
      if (options.none !== undefined && listed.refused.length === 0)
        throw new VoxelwrightError("source", options.none, { subject: name });
      throw nothingFound(name, found.refused);
    }
    const notes = [...found.notes, ...leftOut(found.refused)];
    const { wanted } = options;
    if (wanted) {
      const known = found.series.filter((series) => wanted.matches(series));
      if (known.length === 0) throw otherFiles(wanted.name);
      return { series: known, notes, asked: true };
    }
    if (found.series.length === 1) return { series: found.series, notes, asked: false };
    const ids = await this.#ask(found, options);
    if (!ids || ids.length === 0) throw new DOMException("The user cancelled.", "AbortError");
    return { series: ids.map((id) => found.series.find((series) => series.id === id)!), notes, asked: true };
  }

  /** Does other work that brings a study in, with the same progress and cancel. */
  during<T>(name: string, work: (options: ProgressOptions) => Promise<T>, options: AbortOptions): Promise<T> {
    return this.#work(name, (signal) => work({ signal, onProgress: this.#progress(name, true) }), options);
  }

  /** Imports a chosen series. What is left after a failure or abort is told by `importStudy`. */
  async run(
    series: SeriesRow,
    volumeId: string,
    options: Omit<ImportRunOptions, "onProgress" | "spacingMm">,
  ): Promise<StudyRecord> {
    const { name } = series.description;
    return this.#work(
      name,
      async (abort) => {
        await this.#listAgain(abort);
        const first = (): void => {
          const state = this.#state.value;
          if (state && !state.firstSlices) this.#state.value = { ...state, firstSlices: true };
        };
        return this.#api.importSeries(series.id, volumeId, {
          signal: abort,
          ...(options.notes ? { notes: options.notes } : {}),
          ...(options.resume ? { resume: true } : {}),
          ...(options.place ? { place: options.place } : {}),
          ...(series.spacingMm ? { spacingMm: series.spacingMm } : {}),
          onProgress: this.#progress(name, true),
          onBricks: (addresses) => {
            first();
            options.onBricks?.(addresses);
          },
          onPartial: (bricks, slices) => {
            first();
            options.onPartial?.(bricks, slices);
          },
        });
      },
      options,
    );
  }

  /** Replaces what is damaged of a study by the chosen series it was imported from; the number of bricks. */
  repair({ id, description }: SeriesRow, volumeId: string, options: AbortOptions): Promise<number> {
    const { name } = description;
    return this.#work(
      name,
      async (signal) => {
        await this.#listAgain(signal);
        return this.#api.repair(id, volumeId, { signal, onProgress: this.#progress(name, false) });
      },
      options,
    );
  }

  /** Reads a chosen series as labels on the image's grid. */
  readLabels(series: SeriesRow, imageGrid: ImageGridData, options: ReadLabelsOptions): Promise<ReadLabels> {
    const { name } = series.description;
    return this.#work(
      name,
      (abort) => this.#api.readLabels(series.id, imageGrid, { ...options, signal: abort }),
      options,
    );
  }

  dispose(): void {
    this.cancel();
    this.#connection?.terminate();
  }

  /** A worker that was started since has not looked into the files. */
  async #listAgain(signal: AbortSignal): Promise<void> {
    const listed = this.#listed;
    if (listed && listed.by !== this.#worker) await this.#list(listed, { signal });
  }

  async #list(
    listed: { readonly input: ImportInput; by: WorkerConnection<ImportWorkerApi> | undefined },
    options: ProgressOptions,
  ): Promise<ListingRows> {
    const worker = this.#worker;
    const rows = await worker.api.list(listed.input, options);
    listed.by = worker;
    return rows;
  }

  get #api(): WorkerConnection<ImportWorkerApi>["api"] {
    return this.#worker.api;
  }

  get #worker(): WorkerConnection<ImportWorkerApi> {
    // WASM heaps of codecs never shrink, and a worker that died is no use: a new one is started when the last is gone.
    if (!this.#connection || this.#connection.dead) {
      this.#connection = spawnWorker<ImportWorkerApi>(
        (Worker) => new Worker(new URL("./import.worker.ts", import.meta.url), { type: "module" }),
      );
      // One that is dead already says so at the next call.
      this.#connection.api.tellProcessors(processors()).catch(() => undefined);
    }
    return this.#connection;
  }

  async #work<T>(name: string, work: (abort: AbortSignal) => Promise<T>, { signal: outer }: AbortOptions): Promise<T> {
    if (this.#abort || this.#question.value)
      throw new VoxelwrightError("argument", "Another import is under way.", { advice: "Wait for it or cancel it." });
    outer?.throwIfAborted();
    const abort = new AbortController();
    const forward = (): void => abort.abort();
    outer?.addEventListener("abort", forward);
    this.#abort = abort;
    this.#state.value = { name, fraction: undefined, what: "Looking into the files", firstSlices: false };
    try {
      return await work(abort.signal);
    } catch (error) {
      if (!isAbortError(error)) this.#restart();
      throw error;
    } finally {
      outer?.removeEventListener("abort", forward);
      this.#abort = undefined;
      this.#state.value = undefined;
    }
  }

  /** After a failure the worker's memory is given back as a whole. */
  #restart(): void {
    this.#connection?.terminate();
    this.#connection = undefined;
  }

  #progress(name: string, importing: boolean) {
    return ({ fraction, what }: { fraction: number; what: string }): void => {
      const firstSlices = importing && (this.#state.value?.firstSlices ?? false);
      this.#state.value = { name, fraction, what, firstSlices };
    };
  }

  async #ask(
    found: ListingRows,
    { single = false, title = "Which series do you want to open?" }: ChooseOptions,
  ): Promise<readonly string[] | undefined> {
    const api = this.#api;
    const series = found.series.map(
      ({ id, description, fileCount, byteLength }): SeriesChoice => ({
        id,
        description,
        fileCount,
        byteLength,
        thumbnail: (options) => api.thumbnail(id, options),
        open: () => Promise.reject(new VoxelwrightError("argument", "The page does not read voxels itself.")),
      }),
    );
    try {
      return await new Promise((resolve) => {
        this.#question.value = { title, series, refused: found.refused, notes: found.notes, single, answer: resolve };
      });
    } finally {
      this.#question.value = undefined;
    }
  }
}

function nameOf(input: ImportInput): string {
  if ("url" in input) return input.url;
  const files = "files" in input ? input.files : input.handles;
  const [first] = files;
  if (!first) return "Nothing";
  const folder = first.name.split("/").slice(0, -1)[0];
  if (files.length === 1) return first.name.split("/").at(-1)!;
  return folder ?? `${files.length} files`;
}

/** Reasons named before the rest is only counted. */
const REASONS_NAMED = 5;
/** Files named for each reason. */
const FILES_NAMED = 3;

/** A sentence for each reason, with the files it holds for. */
function leftOut(refused: readonly RefusedFile[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, message } of refused) byReason.set(message, [...(byReason.get(message) ?? []), name]);
  const reasons = [...byReason];
  const lines = reasons.slice(0, REASONS_NAMED).map(([message, names]) => {
    const more = names.length > FILES_NAMED ? ` and ${names.length - FILES_NAMED} more` : "";
    const were = names.length === 1 ? "was" : "were";
    return `${names.slice(0, FILES_NAMED).join(", ")}${more} ${were} left out: ${message}`;
  });
  const rest = reasons.slice(REASONS_NAMED).reduce((sum, [, names]) => sum + names.length, 0);
  return rest > 0 ? [...lines, `${rest} more files were left out for other reasons.`] : lines;
}

function otherFiles(name: string): VoxelwrightError {
  return new VoxelwrightError("source", "These are other files than the ones that it was imported from.", {
    subject: name,
    advice: "Choose the same files, or open these as a study of their own.",
    fields: { otherFiles: true },
  });
}

function nothingFound(name: string, refused: readonly RefusedFile[]): VoxelwrightError {
  const [first] = refused;
  if (!first) {
    return new VoxelwrightError("source", "There is nothing in it.", {
      subject: name,
      advice:
        "Choose NIfTI, NRRD, MetaImage, MGH, TIFF or DICOM files, a folder of them, of an OME-Zarr image or of a precomputed volume, or a zip.",
    });
  }
  if (refused.length === 1) return new VoxelwrightError("source", first.message, { subject: first.name });
  const file = first.name.startsWith(`${name}/`) ? first.name.slice(name.length + 1) : first.name;
  return new VoxelwrightError(
    "source",
    `None of the ${refused.length} files can be opened. The first, ${file}: ${first.message}`,
    {
      subject: name,
    },
  );
}
