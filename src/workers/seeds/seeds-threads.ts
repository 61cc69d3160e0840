import { yieldToEvents } from "#base";
import type { KernelCore } from "../kernel-core.ts";
import type { KernelMemory, MemoryArena } from "../memory-arena.ts";

/** The threads of a growth from seeds, seen by the thread that owns its memory, which never calls a function that waits. */
export interface SeedsThreads extends KernelMemory {
  readonly count: number;
  /**
   * Runs `seedsStep` once on every thread, each with its own scratch; resolves when all have returned. Rejects with a `worker`
   * error when a thread died, after the others have stopped; the memory is then of no use.
   */
  seedsStep(job: number, scratch: readonly number[], runs: number, dooming: boolean): Promise<void>;
}

/** Work done before events are looked at, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** One thread: the calling one. Events are handled between steps. */
export class InlineSeedsThreads implements SeedsThreads {
  readonly count = 1;
  readonly core: KernelCore;
  readonly arena: MemoryArena;
  #lastYield = performance.now();

  constructor({ core, arena }: KernelMemory) {
    this.core = core;
    this.arena = arena;
  }

  async seedsStep(job: number, scratch: readonly number[], runs: number, dooming: boolean): Promise<void> {
    this.core.exports.seedsStep(job, scratch[0]!, runs, dooming, 1);
    if (performance.now() - this.#lastYield < SLICE_MS) return;
    await yieldToEvents();
    this.#lastYield = performance.now();
  }
}
