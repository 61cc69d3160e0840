import type { Dims } from "#volume";
import type { TaskContext } from "./crew/task.ts";

/** Bytes at rest of a brick (`restingBytes`). */
export type RestingBytes = (brickIndex: number) => Uint8Array | undefined;

/** Label bricks as runs within rows in WASM memory, one at a time: 3 MiB. */
export class BrickRuns {
  /** Address of the row runs of the brick read last. */
  readonly at: number;
  readonly #context: TaskContext;
  readonly #bytesAt: number;

  constructor(context: TaskContext) {
    const { arena, core } = context;
    this.#context = context;
    this.#bytesAt = arena.scratch(core.exports.labelRunsRoom());
    this.at = arena.scratch(core.exports.rowRunsRoom());
  }

  /** Puts a brick's bytes at rest into memory; their address and number, undefined where all is background. */
  bytes(map: RestingBytes, brickIndex: number): { readonly at: number; readonly count: number } | undefined {
    const bytes = map(brickIndex);
    if (!bytes) return undefined;
    new Uint8Array(this.#context.arena.memory.buffer, this.#bytesAt, bytes.length).set(bytes);
    return { at: this.#bytesAt, count: bytes.length };
  }

  /** Reads the row runs within the first voxels of a brick; their number. */
  read(map: RestingBytes, brickIndex: number, [ni, nj, nk]: Dims): number {
    const bytes = this.bytes(map, brickIndex);
    return bytes ? this.#context.core.exports.rowRuns(bytes.at, bytes.count, ni, nj, nk, this.at) : 0;
  }
}
