import { processors } from "#base";
import { bytesPerVoxel, type VolumeDescription } from "#volume";
import { type WorkerCalls, type WorkerConnection, WorkerPool } from "#workers";

const MAX_WORKERS = 4;
/** Workers are ended when nothing was decoded for so long: heaps of codecs never shrink. */
const IDLE_MS = 5000;

/** Most that slices under way take together, decoded. */
const AHEAD_BYTES = 128 * 2 ** 20;

/** Slices to have under way of those that are wished for, at least one: of large ones fewer. */
export function slicesAhead(wished: number, { grid, voxelType }: VolumeDescription): number {
  const sliceBytes = grid.dims[0] * grid.dims[1] * bytesPerVoxel(voxelType);
  return Math.max(1, Math.min(wished, Math.floor(AHEAD_BYTES / sliceBytes)));
}

/** Workers that decode beside the calling thread, which keeps the rest of an import for itself. */
export class DecodingPool<Api extends object> {
  /** Calls that keep all workers busy, beside the one whose result is in use. */
  readonly ahead: number;
  readonly #size: number;
  readonly #spawn: () => WorkerConnection<Api>;
  #pool: WorkerPool<Api> | undefined;
  #next = 0;
  #underWay = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  private constructor(size: number, spawn: () => WorkerConnection<Api>) {
    this.#size = size;
    this.ahead = size + 1;
    this.#spawn = spawn;
  }

  /** A pool in browsers with more than one core; elsewhere the thread that calls waits for what it decodes most of the time. */
  static where<Api extends object>(spawn: () => WorkerConnection<Api>): DecodingPool<Api> | undefined {
    const cores = typeof Worker === "function" ? processors() : 1;
    return cores > 1 ? new DecodingPool(Math.min(cores, MAX_WORKERS), spawn) : undefined;
  }

  /** Has the next worker decode; rejects as the work does, or with `worker`. */
  async run<T>(work: (worker: WorkerCalls<Api>) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#underWay++;
    try {
      this.#pool ??= new WorkerPool(this.#size, this.#spawn);
      return await work(await this.#pool.worker(this.#next++ % this.#size));
    } finally {
      if (--this.#underWay === 0) this.#idle = setTimeout(() => this.#end(), IDLE_MS);
    }
  }

  #end(): void {
    this.#pool?.dispose();
    this.#pool = undefined;
  }
}
