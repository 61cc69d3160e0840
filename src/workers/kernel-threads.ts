import type { KernelCore } from "./kernel-core.ts";
import type { MemoryArena } from "./memory-arena.ts";

/** The threads that a job has, seen by the thread that owns its memory and drives it. */
export interface KernelThreads {
  readonly count: number;
  /** The owner's own instance on the job's memory; never calls a function that waits. */
  readonly core: KernelCore;
  readonly arena: MemoryArena;
  /**
   * Runs `growthStep` once on every thread, each with its own scratch; resolves when all have returned. Rejects with a `worker`
   * error when a thread died, after the others have stopped; the job's memory is then of no use.
   */
  growthStep(job: number, scratch: readonly number[], runs: number): Promise<void>;
}
