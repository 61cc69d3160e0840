import type { ProgressOptions } from "#base";
import type { WorkerCalls } from "../connect-worker.ts";
import type { KernelHost } from "../kernel-host.ts";
import type { WorkerPool } from "../worker-pool.ts";
import { type Crew, progressOfShares, type RequestOf, type ResultOf, type Share, type TaskName } from "./crew.ts";
import { brickReader, packInput } from "./packed-input.ts";
import type { TaskInput } from "./task.ts";

/** The workers of a pool. Each runs one task at a time in a memory of its own. */
export class PoolCrew implements Crew {
  readonly #pool: WorkerPool<KernelHost>;
  /** Calls under way, by slot. */
  readonly #busy: number[];

  constructor(pool: WorkerPool<KernelHost>) {
    this.#pool = pool;
    this.#busy = Array.from({ length: pool.size }, () => 0);
  }

  get count(): number {
    return this.#pool.size;
  }

  async run<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    request: RequestOf<Name>,
    options: ProgressOptions = {},
  ): Promise<ResultOf<Name>> {
    const [result] = await this.share(name, input, [{ request }], options);
    return result!;
  }

  async share<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    shares: readonly Share<RequestOf<Name>>[],
    options: ProgressOptions = {},
  ): Promise<ResultOf<Name>[]> {
    options.signal?.throwIfAborted();
    const progress = progressOfShares(shares.length, options);
    const results: ResultOf<Name>[] = [];
    // The first failure ends the others.
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    let next = 0;
    const work = async (slot: number): Promise<void> => {
      this.#busy[slot]!++;
      try {
        while (next < shares.length && !signal.aborted) {
          const n = next++;
          const { request, labelBricks } = shares[n]!;
          const worker = await this.#pool.worker(slot);
          const control = { signal, onProgress: progress(n), ...brickReader(input, { signal }) };
          results[n] = await call(worker, name, packInput(input, labelBricks), request, control);
        }
      } finally {
        this.#busy[slot]!--;
      }
    };
    const slots = this.#idlest().slice(0, shares.length);
    const failures: unknown[] = [];
    await Promise.all(
      slots.map((slot) =>
        work(slot).catch((error: unknown) => {
          failures.push(error);
          ended.abort();
        }),
      ),
    );
    if (failures.length > 0) throw failures[0];
    options.signal?.throwIfAborted();
    return results;
  }

  /** Slots, those with the fewest calls first. */
  #idlest(): number[] {
    return this.#busy.map((_, slot) => slot).sort((a, b) => this.#busy[a]! - this.#busy[b]!);
  }
}

/** Calls through comlink know nothing of which request goes with which result. */
function call<Name extends TaskName>(
  worker: WorkerCalls<KernelHost>,
  ...args: [name: Name, input: object, request: RequestOf<Name>, options: object]
): Promise<ResultOf<Name>> {
  return (worker.run as unknown as (...all: unknown[]) => Promise<ResultOf<Name>>)(...args);
}
