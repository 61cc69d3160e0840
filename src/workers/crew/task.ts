import type { ProgressOptions } from "#base";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import type { KernelMemory } from "../memory-arena.ts";
import type { Pacer } from "../pacer.ts";

/** What a task may read. */
export interface TaskInput {
  readonly image?: KernelImage;
  /** Label maps: the one in hand first, then those it is held against. */
  readonly maps?: readonly KernelLabels[];
}

/** Where a task runs: one thread, with a memory of its own for as long as the task lasts. */
export interface TaskContext extends KernelMemory, TaskInput, ProgressOptions {
  readonly pacer: Pacer;
}

/**
 * A piece of a kernel's work that runs in one thread. Request and result are plain data that can be posted; `transfer` in the
 * task says which buffers of the result are moved. Memory that it allocates is given back when it ends.
 */
export type Task<Request, Result> = (context: TaskContext, request: Request) => Promise<Result>;
