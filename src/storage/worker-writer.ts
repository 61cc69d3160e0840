import { processors } from "#base";
import { spawnWorker, transfer, type WorkerConnection } from "#workers";
import type { BrickPlanes, VolumeDescription, VoxelArray } from "#volume";
import { movable } from "./movable.ts";
import type { StudyPlace, StudyRecord, StudyWriter } from "./study-store.ts";
import type { WriterWorkerApi } from "./writer.api.ts";

let connection: WorkerConnection<WriterWorkerApi> | undefined;

/**
 * `StudyStore.create` for a thread that has other work: bricks are compressed, summed and written by a worker of its own, which it keeps
 * for the next study. One study at a time.
 */
export async function createInWorker(
  volumeId: string,
  description: VolumeDescription,
  expectedBytes: number,
  place?: StudyPlace,
): Promise<StudyWriter> {
  const api = writerWorker();
  return new WorkerWriter(api, volumeId, await api.create(volumeId, description, expectedBytes, place));
}

/** `StudyStore.resume` likewise. */
export async function resumeInWorker(volumeId: string, expectedBytes: number): Promise<StudyWriter> {
  const api = writerWorker();
  return new WorkerWriter(api, volumeId, await api.resume(volumeId, expectedBytes));
}

function writerWorker(): WorkerConnection<WriterWorkerApi>["api"] {
  if (!connection || connection.dead) {
    connection = spawnWorker<WriterWorkerApi>(
      (Worker) =>
        new Worker(new URL("./writer.worker.ts", import.meta.url), { type: "module", name: "voxelwright writer" }),
    );
    // One that is dead already says so at the next call.
    connection.api.tellProcessors(processors()).catch(() => undefined);
  }
  return connection.api;
}

/** Bricks that go to the worker in one message: each message costs both threads what compressing a third of a brick does. */
const BRICKS_AT_ONCE = 8;

/** Bricks of one message. */
class Batch {
  readonly bricks: BrickPlanes[] = [];
  readonly #written = Promise.withResolvers<readonly (readonly VoxelArray[])[]>();

  async add(brick: BrickPlanes): Promise<readonly VoxelArray[]> {
    const n = this.bricks.push(brick) - 1;
    return (await this.#written.promise)[n]!;
  }

  send(api: WorkerConnection<WriterWorkerApi>["api"]): void {
    const memory = movable(this.bricks.flatMap(({ planes }) => planes));
    api.writeBricks(transfer(this.bricks, memory)).then(this.#written.resolve, this.#written.reject);
  }
}

class WorkerWriter implements StudyWriter {
  readonly volumeId: string;
  readonly wholeSlices: number;
  readonly #api: WorkerConnection<WriterWorkerApi>["api"];
  #batch: Batch | undefined;

  constructor(api: WorkerConnection<WriterWorkerApi>["api"], volumeId: string, wholeSlices: number) {
    this.#api = api;
    this.volumeId = volumeId;
    this.wholeSlices = wholeSlices;
  }

  /** Bricks that are given in one go travel together. */
  writeBrick(brick: BrickPlanes): Promise<readonly VoxelArray[]> {
    if (!this.#batch) {
      this.#batch = new Batch();
      queueMicrotask(() => this.#send());
    }
    const written = this.#batch.add(brick);
    if (this.#batch.bricks.length === BRICKS_AT_ONCE) this.#send();
    return written;
  }

  flush(wholeSlices?: number): Promise<void> {
    this.#send();
    return this.#api.flush(wholeSlices);
  }

  finish(extra: { thumbnail?: string }): Promise<StudyRecord> {
    this.#send();
    return this.#api.finish(extra);
  }

  suspend(): Promise<void> {
    this.#send();
    return this.#api.suspend();
  }

  abort(): Promise<void> {
    this.#send();
    return this.#api.abort();
  }

  #send(): void {
    this.#batch?.send(this.#api);
    this.#batch = undefined;
  }
}
