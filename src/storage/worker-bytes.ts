import { spawnWorker, transfer, type WorkerConnection } from "#workers";
import type { BrickBytes, StoredPlace } from "./brick-bytes.ts";
import type { PackWorkerApi } from "./pack.api.ts";

/** Pack files for a thread without sync access handles: every call goes to the pack worker. A worker that died is replaced. */
export class WorkerBytes implements BrickBytes {
  readonly kind = "opfs";
  readonly #folderName: string;
  #connection: Promise<WorkerConnection<PackWorkerApi>>;
  #disposed = false;

  private constructor(folderName: string, connection: WorkerConnection<PackWorkerApi>) {
    this.#folderName = folderName;
    this.#connection = Promise.resolve(connection);
  }

  /** Starts the worker, or resolves with undefined where the browser has no sync access handles. */
  static async open(folderName: string): Promise<WorkerBytes | undefined> {
    const connection = spawn();
    try {
      if (await connection.api.open(folderName)) return new WorkerBytes(folderName, connection);
    } catch {
      // A worker that cannot start is a browser without one.
    }
    connection.terminate();
    return undefined;
  }

  async write(pack: string, offset: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const buffers = parts.map(({ buffer }) => buffer);
    await (await this.#api()).write(pack, offset, transfer(parts, buffers));
  }

  async flush(pack: string): Promise<void> {
    await (await this.#api()).flush(pack);
  }

  async read(pack: string, place: StoredPlace, byteLength: number): Promise<ArrayBuffer> {
    return (await this.#api()).read(pack, place, byteLength);
  }

  async readInto(pack: string, place: StoredPlace, bytes: Uint8Array): Promise<void> {
    // Only shared memory is written where it lies; anything else would cross as a copy.
    if (typeof SharedArrayBuffer !== "undefined" && bytes.buffer instanceof SharedArrayBuffer) {
      await (await this.#api()).readInto(pack, place, bytes);
    } else {
      bytes.set(new Uint8Array(await this.read(pack, place, bytes.length)));
    }
  }

  async close(pack: string): Promise<void> {
    if (!this.#disposed) await (await this.#api()).close(pack);
  }

  async remove(pack: string): Promise<void> {
    await (await this.#api()).remove(pack);
  }

  async list(): Promise<string[]> {
    return (await this.#api()).list();
  }

  dispose(): void {
    this.#disposed = true;
    void this.#connection.then((connection) => connection.terminate());
  }

  async #api(): Promise<WorkerConnection<PackWorkerApi>["api"]> {
    const connection = await this.#connection;
    if (!connection.dead || this.#disposed) return connection.api;
    this.#connection = this.#restart();
    return (await this.#connection).api;
  }

  async #restart(): Promise<WorkerConnection<PackWorkerApi>> {
    const connection = spawn();
    await connection.api.open(this.#folderName);
    return connection;
  }
}

function spawn(): WorkerConnection<PackWorkerApi> {
  return spawnWorker<PackWorkerApi>(
    (Worker) => new Worker(new URL("./pack.worker.ts", import.meta.url), { type: "module", name: "voxelwright packs" }),
  );
}
