import { createMemory, instantiate } from "./kernel-core.ts";
import { type KernelMemory, MemoryArena } from "./memory-arena.ts";

/** A memory that a job has grown beyond this is let go of, since memories never shrink: 64 MiB. */
const KEEP_BYTES = 64 * 2 ** 20;

/** Lends the memory that jobs of one thread or pool run in, one job at a time. */
export class MemoryLease {
  readonly #module: WebAssembly.Module;
  readonly #budgetBytes: number;
  #idle: KernelMemory | undefined;

  constructor(module: WebAssembly.Module, budgetBytes: number) {
    this.#module = module;
    this.#budgetBytes = budgetBytes;
  }

  take(): KernelMemory {
    const held = this.#idle;
    this.#idle = undefined;
    if (held) return held;
    const core = instantiate(this.#module, createMemory(this.#budgetBytes));
    return { core, arena: new MemoryArena(core.memory, core.exports.clearBytes, this.#budgetBytes) };
  }

  /** Takes a memory back when no thread uses it any more. */
  give(memory: KernelMemory): void {
    memory.arena.reset();
    if (memory.arena.heldBytes <= KEEP_BYTES) this.#idle = memory;
  }
}
