import {
  type AbortOptions,
  type Disposable,
  Emitter,
  isVoxelwrightError,
  type ProgressOptions,
  VoxelwrightError,
} from "#base";
import type { StudyOrigin, StudyRecord } from "#storage";
import type { BrickRoom, BrickSource } from "#volume";
import { spawnWorker, type WorkerCalls, type WorkerConnection } from "#workers";
import type { ImportInput } from "../import-input.ts";
import type { ChunkedWorkerApi, NewChunkedStudy, Unkept } from "./chunked.api.ts";

/** Calls of the worker, or of the same object in this thread. */
export type ChunkedCalls = WorkerCalls<ChunkedWorkerApi>;

/** Waits between two questions whether a source can be reached again, milliseconds; the last one stays. */
const PROBE_WAITS_MS = [1000, 2000, 4000, 8000, 15_000];

/** Bricks of a study that are read where they lie. */
export interface ChunkedBricks extends BrickSource, Disposable {
  /** Bricks that failed can be asked for again. */
  readonly regained: Emitter<void>;
}

interface Attached {
  readonly origin: StudyOrigin;
  input: ImportInput | undefined;
  /** The connection that knows of it. */
  by: ChunkedCalls | undefined;
  attaching: Promise<void> | undefined;
  readonly users: Set<ChunkedBricks>;
  probing: AbortController | undefined;
}

/**
 * The page's side of studies that are not copied: one worker, their sources, and whether these can be reached. While one cannot,
 * it is asked again and again, at once when the browser says that the network is back.
 */
export class ChunkedService implements Disposable {
  /** A source cannot be reached; told once until it can. */
  readonly lost = new Emitter<VoxelwrightError>();
  /** The source of the error can be reached again. */
  readonly regained = new Emitter<VoxelwrightError>();
  /** What is read of a source is not kept; told once for each time that a study is open. */
  readonly unkept = new Emitter<VoxelwrightError>();
  readonly #attached = new Map<string, Attached>();
  readonly #calls: (() => ChunkedCalls) | undefined;
  readonly #probeWaitsMs: readonly number[];
  #connection: WorkerConnection<ChunkedWorkerApi> | undefined;

  /** `calls` replaces the worker, as in tests. */
  constructor(options: { readonly calls?: () => ChunkedCalls; readonly probeWaitsMs?: readonly number[] } = {}) {
    this.#calls = options.calls;
    this.#probeWaitsMs = options.probeWaitsMs ?? PROBE_WAITS_MS;
  }

  /** Has the worker ready: it starts while others find out what a source holds. */
  prepare(): void {
    void this.#api.prepare().catch(() => undefined);
  }

  create(study: NewChunkedStudy, options: ProgressOptions): Promise<StudyRecord> {
    return this.#api.create(study, options);
  }

  matches({ volumeId, origin }: StudyRecord, input: ImportInput, options: AbortOptions): Promise<boolean> {
    return this.#api.matches(volumeId, origin!, input, options);
  }

  /** Says where the image of a study lies now: its files, as the user has given them. */
  async provide({ volumeId, origin }: StudyRecord, input: ImportInput): Promise<void> {
    const attached = this.#attach(volumeId, origin!);
    attached.input = input;
    attached.by = undefined;
    attached.attaching = undefined;
    await this.#reach(volumeId, attached);
    this.#regain(attached, undefined);
  }

  /** Where the image of a study can be read, as far as this session knows: its address, or the files that were given. */
  inputOf(volumeId: string): ImportInput | undefined {
    const input = this.#attached.get(volumeId)?.input;
    return input && "handles" in input && input.denied ? undefined : input;
  }

  /** Bricks of a study with an origin; those of level 0 lie in `room` as far as it goes. */
  bricks(
    { volumeId, origin, description }: Pick<StudyRecord, "volumeId" | "origin" | "description">,
    room?: BrickRoom,
  ): ChunkedBricks {
    const attached = this.#attach(volumeId, origin!);
    const bricks: ChunkedBricks = {
      regained: new Emitter<void>(),
      readBrick: async (address, options) => {
        const brick = await this.#read(volumeId, attached, (api) => api.readBrick(volumeId, address, options));
        const voxels = address.level === 0 ? room?.(description.voxelType) : undefined;
        if (!voxels) return brick;
        voxels.set(brick.voxels);
        return { ...brick, voxels };
      },
      readBrickInto: async (address, into, options) => {
        // Only shared memory is written where it lies; anything else would cross as a copy.
        if (typeof SharedArrayBuffer !== "undefined" && into.buffer instanceof SharedArrayBuffer)
          return this.#read(volumeId, attached, (api) => api.readBrickInto(volumeId, address, into, options));
        const { voxels, min, max } = await this.#read(volumeId, attached, (api) =>
          api.readBrick(volumeId, address, options),
        );
        into.set(voxels);
        return { min, max };
      },
      dispose: () => {
        attached.users.delete(bricks);
        if (attached.users.size === 0) void this.release(volumeId).catch(() => undefined);
      },
    };
    attached.users.add(bricks);
    return bricks;
  }

  /** Ends reading of a study. Files that were given for it are remembered. */
  async release(volumeId: string): Promise<void> {
    const attached = this.#attached.get(volumeId);
    if (!attached) return;
    attached.probing?.abort();
    attached.probing = undefined;
    const { by } = attached;
    attached.by = undefined;
    attached.attaching = undefined;
    if (by && by === this.#known) await by.release(volumeId);
  }

  dispose(): void {
    for (const { probing } of this.#attached.values()) probing?.abort();
    this.#connection?.terminate();
  }

  get #api(): ChunkedCalls {
    if (this.#calls) return this.#calls();
    if (!this.#connection || this.#connection.dead) {
      this.#connection = spawnWorker<ChunkedWorkerApi>(
        (Worker) =>
          new Worker(new URL("./chunked.worker.ts", import.meta.url), { type: "module", name: "voxelwright chunks" }),
      );
    }
    return this.#connection.api;
  }

  /** The worker, unless there is none or it died. */
  get #known(): ChunkedCalls | undefined {
    return this.#calls?.() ?? (this.#connection?.dead === false ? this.#connection.api : undefined);
  }

  #attach(volumeId: string, origin: StudyOrigin): Attached {
    let attached = this.#attached.get(volumeId);
    if (!attached) {
      const input = origin.url === undefined ? undefined : { url: origin.url };
      attached = { origin, input, by: undefined, attaching: undefined, users: new Set(), probing: undefined };
      this.#attached.set(volumeId, attached);
    }
    return attached;
  }

  /** The worker, told of the study. One that died is replaced. */
  async #reach(volumeId: string, attached: Attached): Promise<ChunkedCalls> {
    const api = this.#api;
    if (attached.by !== api) {
      attached.by = api;
      attached.attaching = api.attach(volumeId, attached.origin, attached.input);
      attached.attaching.catch(() => {
        if (attached.by === api) attached.by = undefined;
      });
    }
    await attached.attaching;
    return api;
  }

  async #read<Brick extends Unkept>(
    volumeId: string,
    attached: Attached,
    read: (api: ChunkedCalls) => Promise<Brick>,
  ): Promise<Omit<Brick, "unkept">> {
    try {
      const { unkept, ...brick } = await read(await this.#reach(volumeId, attached));
      if (unkept !== undefined) this.unkept.emit(notKept(attached.origin, unkept));
      return brick;
    } catch (error) {
      if (isVoxelwrightError(error) && error.kind === "network" && error.fields["passing"] === true)
        this.#lose(volumeId, attached, error);
      throw error;
    }
  }

  #lose(volumeId: string, attached: Attached, error: VoxelwrightError): void {
    if (attached.probing || attached.users.size === 0) return;
    const abort = new AbortController();
    attached.probing = abort;
    this.lost.emit(error);
    void this.#probe(volumeId, attached, abort.signal).then((reached) => {
      if (!reached) return;
      attached.probing = undefined;
      this.#regain(attached, error);
    });
  }

  async #probe(volumeId: string, attached: Attached, signal: AbortSignal): Promise<boolean> {
    for (let n = 0; !signal.aborted; n++) {
      await waitFor(this.#probeWaitsMs[Math.min(n, this.#probeWaitsMs.length - 1)]!, signal);
      if (signal.aborted) return false;
      try {
        await (await this.#reach(volumeId, attached)).probe(volumeId, { signal });
        return true;
      } catch (error) {
        // What is no fault of the network is for whoever reads to hear.
        if (!signal.aborted && !(isVoxelwrightError(error) && ["network", "worker"].includes(error.kind))) return true;
      }
    }
    return false;
  }

  #regain(attached: Attached, error: VoxelwrightError | undefined): void {
    if (error) this.regained.emit(error);
    for (const bricks of attached.users) bricks.regained.emit();
  }
}

function notKept({ name }: StudyOrigin, why: string): VoxelwrightError {
  return new VoxelwrightError("storage", `What is looked at is not kept for work without its source. ${why}`, {
    subject: name,
    advice: "Remove a study from the list or free disk space; it is tried again every minute.",
  });
}

/** Ends early when the browser says that it is online again, or when aborted. */
function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    globalThis.addEventListener?.("online", done);
    signal.addEventListener("abort", done);
  });
}
