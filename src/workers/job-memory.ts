import { isVoxelwrightError } from "#base";
import { BrickPool } from "./brick-pool.ts";
import type { KernelCore } from "./kernel-core.ts";
import { JobQueue } from "./job-queue.ts";
import { PieceArena, SharedMemory } from "./shared-memory.ts";

/** What growths may take when nothing else is said: 256 MiB, the bits of some 4000 bricks; more leave as runs. */
export const SHARED_JOB_BYTES = 256 * 2 ** 20;

/** Room for what lies between pieces. */
const SLACK_BYTES = 64 * 2 ** 20;

/** The memory that image bricks and the jobs over them share: one job at a time, in pieces beside the bricks. */
export class JobMemory {
  readonly bricks: BrickPool;
  readonly #shared: SharedMemory;
  readonly #jobBytes: number;
  readonly #queue = new JobQueue();

  constructor(module: WebAssembly.Module, jobBytes: number, brickBytes: number) {
    this.#shared = new SharedMemory(module, jobBytes + brickBytes + SLACK_BYTES);
    this.#jobBytes = jobBytes;
    this.bricks = new BrickPool(this.#shared, brickBytes);
  }

  get memory(): WebAssembly.Memory {
    return this.#shared.memory;
  }

  /** Runs a job when those before it have ended; its memory is given back at its end. */
  run<T>(signal: AbortSignal | undefined, job: (core: KernelCore, arena: PieceArena) => Promise<T>): Promise<T> {
    return this.#queue.run(signal, async () => {
      const arena = new PieceArena(this.#shared, this.#jobBytes);
      try {
        const result = await job(this.#shared.core, arena);
        arena.reset();
        return result;
      } catch (error) {
        // A worker that died may still write for a moment; what it can reach is never used again.
        if (!isVoxelwrightError(error, "worker")) arena.reset();
        throw error;
      }
    });
  }
}
