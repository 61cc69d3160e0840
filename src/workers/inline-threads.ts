import { yieldToEvents } from "#base";
import type { KernelCore } from "./kernel-core.ts";
import type { KernelThreads } from "./kernel-threads.ts";
import type { KernelMemory, MemoryArena } from "./memory-arena.ts";

/** Work done before events are looked at, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** One thread: the calling one. Events are handled between steps. */
export class InlineThreads implements KernelThreads {
  readonly count = 1;
  readonly core: KernelCore;
  readonly arena: MemoryArena;

  constructor({ core, arena }: KernelMemory) {
    this.core = core;
    this.arena = arena;
  }

  #lastYield = performance.now();

  async growthStep(job: number, scratch: readonly number[], runs: number): Promise<void> {
    this.core.exports.growthStep(job, scratch[0]!, runs, 1);
    if (performance.now() - this.#lastYield < SLICE_MS) return;
    await yieldToEvents();
    this.#lastYield = performance.now();
  }
}
