import { type AbortOptions, type ProgressOptions, type ReadonlySignal, signal } from "#base";

/** Long work as the status bar shows it. */
export interface JobState {
  readonly id: string;
  readonly what: string;
  /** 0 to 1; undefined while unknown. */
  readonly fraction: number | undefined;
  readonly cancellable: boolean;
}

/** Progress is told this often at most: a job may report thousands of times a second. */
const TOLD_EVERY_MS = 100;

/** Running jobs: each with progress and a cancel. */
export class Jobs {
  readonly #list = signal<readonly JobState[]>([]);
  readonly #aborts = new Map<string, AbortController>();
  #next = 0;

  get list(): ReadonlySignal<readonly JobState[]> {
    return this.#list;
  }

  /** Runs `work`; its signal is aborted by `cancel` or by the caller's own signal. */
  async run<T>(
    what: string,
    work: (options: Required<ProgressOptions>) => Promise<T>,
    { signal: outer }: AbortOptions = {},
  ): Promise<T> {
    const id = `job-${this.#next++}`;
    const abort = new AbortController();
    const forward = (): void => abort.abort();
    if (outer?.aborted) abort.abort();
    outer?.addEventListener("abort", forward);
    this.#aborts.set(id, abort);
    this.#list.value = [...this.#list.value, { id, what, fraction: undefined, cancellable: true }];
    let told = Number.NEGATIVE_INFINITY;
    try {
      abort.signal.throwIfAborted();
      return await work({
        signal: abort.signal,
        onProgress: ({ fraction }) => {
          const now = performance.now();
          if (now - told < TOLD_EVERY_MS) return;
          told = now;
          this.#list.value = this.#list.value.map((job) => (job.id === id ? { ...job, fraction } : job));
        },
      });
    } finally {
      outer?.removeEventListener("abort", forward);
      this.#aborts.delete(id);
      this.#list.value = this.#list.value.filter((job) => job.id !== id);
    }
  }

  /** Cancels one job, or all of them. */
  cancel(id?: string): void {
    if (id !== undefined) this.#aborts.get(id)?.abort();
    else for (const abort of this.#aborts.values()) abort.abort();
  }
}
