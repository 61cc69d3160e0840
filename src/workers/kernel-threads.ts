import type { KernelMemory } from "./memory-arena.ts";

/**
 * The threads that a job has, seen by the thread that owns its memory and drives it. The owner's instance of the core never
 * calls a function that waits.
 */
export interface KernelThreads extends KernelMemory {
  readonly count: number;
  /**
   * Runs `growthStep` once on every thread, each with its own scratch; resolves when all have returned. Rejects with a `worker`
   * error when a thread died, after the others have stopped; the job's memory is then of no use.
   */
  growthStep(job: number, scratch: readonly number[], runs: number): Promise<void>;
}
