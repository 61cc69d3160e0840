import { brickCoordinates, brickDims, brickExtent } from "#volume";
import type { RestingBytes } from "../brick-runs.ts";
import type { TaskContext } from "../crew/task.ts";
import { restingBytes } from "../resting-bytes.ts";
import type { Patterns } from "./patterns.ts";

const JOB_BYTES = 64;
const CURSOR_BYTES = 16;
const COUNT_AT = 28;
const VOXEL_AT = 36;

/** A table of patterns in WASM memory, and the bricks of all maps read together (assembly/kernels/consensus/patterns.ts). */
export class PatternJob {
  /** Address of the job. */
  readonly at: number;
  readonly #context: TaskContext;
  readonly #maps: readonly RestingBytes[];
  readonly #cursorsAt: number;
  readonly #bytesAt: number;
  readonly #patternBytes: number;
  readonly #patternsAt: number;

  /** A table for `most` patterns. */
  constructor(context: TaskContext, most: number) {
    const { arena, core, maps } = context;
    const count = maps!.length;
    this.#context = context;
    this.#maps = maps!.map(restingBytes);
    this.#patternBytes = Math.ceil(count / 4) * 8;
    this.at = arena.allocate(JOB_BYTES);
    this.#cursorsAt = arena.scratch(count * CURSOR_BYTES);
    this.#bytesAt = arena.scratch(count * core.exports.labelRunsRoom());
    const hand = arena.allocate(this.#patternBytes);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, most * 2)));
    const slotsAt = arena.scratch(slots * 4);
    this.#patternsAt = arena.scratch(most * (this.#patternBytes + 8));
    const fields = [count, this.#cursorsAt, hand, this.#patternBytes, slotsAt, slots - 1, this.#patternsAt, 0, most];
    new Uint32Array(arena.memory.buffer, this.at, fields.length).set(fields);
    this.clear();
  }

  /** Empties the table. */
  clear(): void {
    this.#context.core.exports.consensusIndex(this.at, 0);
  }

  /** Begins a brick; false when it is background in all maps. */
  begin(index: number): boolean {
    const { arena, core, maps } = this.#context;
    const { dims } = maps![0]!;
    const room = core.exports.labelRunsRoom();
    let any = false;
    for (const [n, bytesOf] of this.#maps.entries()) {
      const bytes = bytesOf(index);
      const to = this.#bytesAt + n * room;
      if (bytes) new Uint8Array(arena.memory.buffer, to, bytes.length).set(bytes);
      any ||= bytes !== undefined;
      const cursor = this.#cursorsAt + n * CURSOR_BYTES;
      // The first byte is the format's.
      new Uint32Array(arena.memory.buffer, cursor, 2).set([to + 1, to + (bytes?.length ?? 1)]);
      core.exports.consensusNextRun(cursor);
    }
    const extent = brickExtent(dims, brickCoordinates(brickDims(dims), index));
    new Uint32Array(arena.memory.buffer, this.at + VOXEL_AT, 4).set([0, ...extent]);
    return any;
  }

  /** The patterns in the table with their voxels. */
  read(): Patterns {
    const { arena, maps } = this.#context;
    const count = new Uint32Array(arena.memory.buffer, this.at + COUNT_AT, 1)[0]!;
    const labels = new Uint16Array(count * maps!.length);
    const voxels = new Float64Array(count);
    const words = this.#patternBytes / 8 + 1;
    const counts = new BigUint64Array(arena.memory.buffer, this.#patternsAt, count * words);
    for (let n = 0; n < count; n++) {
      const at = this.#patternsAt + n * words * 8;
      labels.set(new Uint16Array(arena.memory.buffer, at, maps!.length), n * maps!.length);
      voxels[n] = Number(counts[n * words + words - 1]!);
    }
    return { maps: maps!.length, labels, voxels };
  }

  /** Fills the table with patterns and the label that each becomes. */
  write(patterns: Uint16Array, labels: Uint16Array): void {
    const { arena, core, maps } = this.#context;
    const words = this.#patternBytes / 8 + 1;
    const memory = new BigUint64Array(arena.memory.buffer, this.#patternsAt, labels.length * words).fill(0n);
    for (let n = 0; n < labels.length; n++) {
      const at = this.#patternsAt + n * words * 8;
      const own = patterns.subarray(n * maps!.length, (n + 1) * maps!.length);
      new Uint16Array(arena.memory.buffer, at, maps!.length).set(own);
      memory[n * words + words - 1] = BigInt(labels[n]!);
    }
    core.exports.consensusIndex(this.at, labels.length);
  }
}
