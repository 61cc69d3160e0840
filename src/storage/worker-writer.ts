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

class WorkerWriter implements StudyWriter {
  readonly volumeId: string;
  readonly wholeSlices: number;
  readonly #api: WorkerConnection<WriterWorkerApi>["api"];

  constructor(api: WorkerConnection<WriterWorkerApi>["api"], volumeId: string, wholeSlices: number) {
    this.#api = api;
    this.volumeId = volumeId;
    this.wholeSlices = wholeSlices;
  }

  writeBrick(brick: BrickPlanes): Promise<readonly VoxelArray[]> {
    return this.#api.writeBrick(transfer(brick, movable(brick.planes)));
  }

  flush(wholeSlices?: number): Promise<void> {
    return this.#api.flush(wholeSlices);
  }

  finish(extra: { thumbnail?: string }): Promise<StudyRecord> {
    return this.#api.finish(extra);
  }

  suspend(): Promise<void> {
    return this.#api.suspend();
  }

  abort(): Promise<void> {
    return this.#api.abort();
  }
}
