import { type AbortOptions, type Disposable, isAbortError, type ReadonlySignal, signal, VoxelwrightError } from "#base";
import type { RefusedFile, SeriesChoice, SourceFile } from "#sources";
import { spawnWorker, type WorkerConnection } from "#workers";
import type {
  ImportRunOptions,
  ImportWorkerApi,
  ListingRows,
  ReadLabels,
  ReadLabelsOptions,
  SeriesRow,
} from "./import.api.ts";
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
  answer(ids: readonly string[] | undefined): void;
}

export type ImportInput = { readonly files: readonly SourceFile[] } | { readonly url: string };

/** The page's side of importing: one worker, one import at a time, asked about when several series are found. */
export class ImportService implements Disposable {
  readonly #state = signal<ImportState | undefined>(undefined);
  readonly #question = signal<SeriesQuestion | undefined>(undefined);
  #connection: WorkerConnection<ImportWorkerApi> | undefined;
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
   * Looks into files and gives the ids of the series to open: the only one, or those that the user chose. Rejects with AbortError
   * when the user cancels, with `source` when nothing can be opened.
   */
  async choose(
    input: ImportInput,
    options: AbortOptions & { readonly single?: boolean; readonly title?: string } = {},
  ): Promise<readonly SeriesRow[]> {
    const name = "url" in input ? input.url : nameOf(input.files);
    const found = await this.#work(
      name,
      (abort) => {
        const run = { signal: abort, onProgress: this.#progress(name, false) };
        return "url" in input ? this.#api.listUrl(input.url, run) : this.#api.list(input.files, run);
      },
      options,
    );
    this.refused = found.refused;
    if (found.series.length === 0) throw nothingFound(name, found.refused);
    if (found.series.length === 1) return found.series;
    const ids = await this.#ask(options.title ?? "Which series do you want to open?", found);
    if (!ids || ids.length === 0) throw new DOMException("The user cancelled.", "AbortError");
    return ids.map((id) => found.series.find((series) => series.id === id)!);
  }

  /** Files of the last `choose` that could not be opened. */
  refused: readonly RefusedFile[] = [];

  /** Imports a chosen series. Failure or abort leaves nothing behind. */
  async run(series: SeriesRow, volumeId: string, options: Omit<ImportRunOptions, "onProgress">): Promise<StudyRecord> {
    const { name } = series.description;
    return this.#work(
      name,
      (abort) => {
        const first = (): void => {
          const state = this.#state.value;
          if (state && !state.firstSlices) this.#state.value = { ...state, firstSlices: true };
        };
        return this.#api.importSeries(series.id, volumeId, {
          signal: abort,
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

  get #api(): WorkerConnection<ImportWorkerApi>["api"] {
    // WASM heaps of codecs never shrink, and a worker that died is no use: a new one is started when the last is gone.
    if (!this.#connection || this.#connection.dead) {
      this.#connection = spawnWorker<ImportWorkerApi>(
        (Worker) => new Worker(new URL("./import.worker.ts", import.meta.url), { type: "module" }),
      );
    }
    return this.#connection.api;
  }

  async #work<T>(name: string, work: (abort: AbortSignal) => Promise<T>, { signal: outer }: AbortOptions): Promise<T> {
    if (this.#abort)
      throw new VoxelwrightError("argument", "Another import is under way.", { advice: "Wait for it or cancel it." });
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

  async #ask(title: string, found: ListingRows): Promise<readonly string[] | undefined> {
    const api = this.#api;
    const series = found.series.map(
      (row): SeriesChoice => ({
        ...row,
        thumbnail: (options) => api.thumbnail(row.id, options),
        open: () => Promise.reject(new VoxelwrightError("argument", "The page does not read voxels itself.")),
      }),
    );
    try {
      return await new Promise((resolve) => {
        this.#question.value = { title, series, refused: found.refused, answer: resolve };
      });
    } finally {
      this.#question.value = undefined;
    }
  }
}

function nameOf(files: readonly SourceFile[]): string {
  const [first] = files;
  if (!first) return "Nothing";
  const folder = first.name.split("/").slice(0, -1)[0];
  if (files.length === 1) return first.name.split("/").at(-1)!;
  return folder ?? `${files.length} files`;
}

function nothingFound(name: string, refused: readonly RefusedFile[]): VoxelwrightError {
  const [first] = refused;
  if (!first) {
    return new VoxelwrightError("source", "There is nothing in it.", {
      subject: name,
      advice: "Choose NIfTI, NRRD, MetaImage, MGH or DICOM files, a folder of them, or a zip.",
    });
  }
  if (refused.length === 1) return new VoxelwrightError("source", first.message, { subject: first.name });
  return new VoxelwrightError(
    "source",
    `None of the ${refused.length} files can be opened. The first: ${first.message}`,
    {
      subject: first.name,
    },
  );
}
