import type { SlotMasks } from "./growth/collect.ts";
import type { KernelCore } from "./kernel-core.ts";
import type { Arena } from "./memory-arena.ts";

/**
 * The threads that a job has, seen by the thread that owns its memory and drives it. The owner's instance of the core never
 * calls a function that waits.
 */
export interface KernelThreads {
  readonly core: KernelCore;
  readonly arena: Arena;
  readonly count: number;
  /** Whether they go on while the owner does other things. */
  readonly concurrent: boolean;
  /**
   * Runs `growthRun` once on every thread, each with its own scratch; resolves when all have returned. Rejects with a `worker`
   * error when a thread died, after the others have stopped; the job's memory is then of no use.
   */
  growthRun(job: number, scratch: readonly number[]): Promise<void>;
  /** Copies out what slots have reached, in parts that follow one another; no thread may run. Rejects as `growthRun`. */
  slotMasks(slots: readonly number[]): Promise<readonly SlotMasks[]>;
}
