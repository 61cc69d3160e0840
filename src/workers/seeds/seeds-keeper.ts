import type { ProgressOptions } from "#base";
import { JobQueue } from "../job-queue.ts";
import { Kept } from "../kept.ts";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import type { SeedsProposal } from "../kernels.api.ts";
import type { KernelMemory } from "../memory-arena.ts";
import type { MemoryLease } from "../memory-lease.ts";
import { planSeeds } from "./plan.ts";
import type { SeedsRequest } from "./seeds.api.ts";
import { SeedsJob } from "./seeds-job.ts";
import type { SeedsThreads } from "./seeds-threads.ts";

/** How long the state of a growth is kept for the next one: five minutes of drawing. */
const KEEP_MS = 300_000;

/** Runs work with threads on a memory, and lets the threads go after it. */
export type WithThreads = <T>(memory: KernelMemory, work: (threads: SeedsThreads) => Promise<T>) => Promise<T>;

interface Growth {
  readonly memory: KernelMemory;
  readonly threads: ForwardingThreads;
  readonly job: SeedsJob;
}

/**
 * Growths from seeds, one at a time, with the state of the last one: the next on the same image with the same costs is brought up
 * to date in place of being computed from the start. State that did not fit into the budget as a whole, or that nobody asked for
 * in five minutes, is let go.
 */
export class SeedsKeeper {
  readonly #queue = new JobQueue();
  readonly #lease: MemoryLease;
  readonly #withThreads: WithThreads;
  readonly #kept: Kept<Growth>;

  constructor(lease: MemoryLease, withThreads: WithThreads) {
    this.#lease = lease;
    this.#withThreads = withThreads;
    this.#kept = new Kept<Growth>(KEEP_MS, ({ memory }) => lease.give(memory));
  }

  grow(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options: ProgressOptions,
  ): Promise<SeedsProposal> {
    return this.#queue.run(options.signal, async () => {
      const plan = planSeeds(image, labels, request);
      if (!this.#kept.value?.job.accepts(image, plan)) this.release();
      const kept = this.#kept.take();
      const memory = kept?.memory ?? this.#lease.take();
      return this.#withThreads(memory, async (threads) => {
        if (kept) {
          kept.threads.to = threads;
          const proposal = await kept.job.update(labels, plan, options);
          if (proposal) {
            this.#kept.put(kept);
            return proposal;
          }
          memory.arena.reset();
        }
        const through = new ForwardingThreads(threads);
        const job = await SeedsJob.create(through, image, labels, plan, options);
        const proposal = await job.run(options);
        if (job.whole) this.#kept.put({ memory, threads: through, job });
        return proposal;
      });
    });
  }

  /** Lets the state go. */
  release(): void {
    this.#kept.release();
  }
}

/** The threads of the run in hand, to a job that outlives them. */
class ForwardingThreads implements SeedsThreads {
  to: SeedsThreads;

  constructor(to: SeedsThreads) {
    this.to = to;
  }

  get count(): number {
    return this.to.count;
  }

  get core(): SeedsThreads["core"] {
    return this.to.core;
  }

  get arena(): SeedsThreads["arena"] {
    return this.to.arena;
  }

  seedsStep(...step: Parameters<SeedsThreads["seedsStep"]>): Promise<void> {
    return this.to.seedsStep(...step);
  }
}
