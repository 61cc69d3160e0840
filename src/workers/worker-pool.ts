import type { Disposable } from "#base";
import type { WorkerCalls, WorkerConnection } from "./connect-worker.ts";

/**
 * A fixed number of workers of one kind, started when first needed. A worker that dies rejects its calls and is replaced by a
 * new one at its next use.
 */
export class WorkerPool<Api extends object> implements Disposable {
  readonly size: number;
  readonly #spawn: (slot: number) => WorkerConnection<Api>;
  readonly #prepare: (calls: WorkerCalls<Api>, slot: number) => Promise<void>;
  readonly #slots: (Slot<Api> | undefined)[];
  #disposed = false;

  /** `prepare` is awaited once for every worker before its first call, also after a replacement. */
  constructor(
    size: number,
    spawn: (slot: number) => WorkerConnection<Api>,
    prepare: (calls: WorkerCalls<Api>, slot: number) => Promise<void> = () => Promise.resolve(),
  ) {
    this.size = Math.max(1, Math.floor(size));
    this.#spawn = spawn;
    this.#prepare = prepare;
    this.#slots = Array.from({ length: this.size }, () => undefined);
  }

  /** The worker in a slot, started and prepared. */
  async worker(slot: number): Promise<WorkerCalls<Api>> {
    return (await this.#slot(slot)).connection.api;
  }

  /** Runs `task` on every worker at once; rejects with the first failure after all have ended. */
  async onAll<T>(task: (calls: WorkerCalls<Api>, slot: number) => Promise<T>): Promise<T[]> {
    const results = await Promise.allSettled(this.#slots.map(async (_, slot) => task(await this.worker(slot), slot)));
    return results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  }

  /** Workers that are alive now. */
  get alive(): number {
    return this.#slots.filter((slot) => slot && !slot.connection.dead).length;
  }

  dispose(): void {
    this.#disposed = true;
    for (const slot of this.#slots) slot?.connection.terminate();
    this.#slots.fill(undefined);
  }

  async #slot(index: number): Promise<Slot<Api>> {
    if (this.#disposed) throw new TypeError("The worker pool is disposed.");
    let slot = this.#slots[index];
    if (!slot || slot.connection.dead) {
      const connection = this.#spawn(index);
      slot = { connection, ready: this.#prepare(connection.api, index) };
      this.#slots[index] = slot;
    }
    await slot.ready;
    return slot;
  }
}

interface Slot<Api extends object> {
  readonly connection: WorkerConnection<Api>;
  readonly ready: Promise<void>;
}
