import { BRICK_VOXELS } from "#volume";
import type { KernelMemory } from "../memory-arena.ts";
import type { GrowthBox } from "./growth-box.ts";

const MASK_BYTES = BRICK_VOXELS / 8;

/** Reached bits of bricks that had to leave the job's memory, as runs on the JavaScript side: some kilobytes each. */
export class Spilled {
  readonly #core: KernelMemory["core"];
  readonly #box: GrowthBox;
  readonly #bitsAt: number;
  readonly #runsAt: number;
  readonly #runs = new Map<number, { readonly bytes: Uint8Array; readonly voxels: number }>();

  /** `bitsAt` and `runsAt` are rooms for a brick's bits and its runs. */
  constructor(core: KernelMemory["core"], box: GrowthBox, bitsAt: number, runsAt: number) {
    this.#core = core;
    this.#box = box;
    this.#bitsAt = bitsAt;
    this.#runsAt = runsAt;
  }

  /** Bytes of memory that `bitsAt` and `runsAt` take. */
  static roomBytes(core: KernelMemory["core"]): readonly [bits: number, runs: number] {
    return [MASK_BYTES, core.exports.maskRunsRoom()];
  }

  /** Whether any brick is away. */
  get any(): boolean {
    return this.#runs.size > 0;
  }

  /** Keeps the reached bits of a slot that is about to leave. */
  keep(number: number, slot: number): void {
    const { exports, memory } = this.#core;
    const voxels = exports.growthFinish(slot);
    const count = exports.maskRunsEncode(exports.growthReached(slot), this.#runsAt);
    this.#runs.set(number, { bytes: new Uint8Array(memory.buffer, this.#runsAt, count).slice(), voxels });
  }

  /** Puts back what a brick had reached, and seeds it with what touches it of bricks that are still away. */
  restore(job: number, number: number, slot: number): void {
    const { exports } = this.#core;
    if (this.#decode(number)) exports.growthRestore(job, slot, this.#bitsAt);
    this.#runs.delete(number);
    const [i, j, k] = this.#box.place(number);
    for (let d = 0; d < 27; d++) {
      const [di, dj, dk] = [(d % 3) - 1, (Math.floor(d / 3) % 3) - 1, Math.floor(d / 9) - 1];
      const other = this.#box.number(i + di, j + dj, k + dk);
      if (d !== 13 && this.#decode(other)) exports.growthTouchFrom(job, slot, this.#bitsAt, di, dj, dk);
    }
  }

  has(number: number): boolean {
    return this.#runs.has(number);
  }

  /** What a brick that is away has reached: the address of its 32 KiB of bits, good until the next call, and their count. */
  peek(number: number): { readonly bitsAt: number; readonly voxels: number } | undefined {
    const voxels = this.#runs.get(number)?.voxels ?? 0;
    return this.#decode(number) ? { bitsAt: this.#bitsAt, voxels } : undefined;
  }

  /** Bits of a brick into their room; false when it is not away or has none. */
  #decode(number: number): boolean {
    const bytes = this.#runs.get(number)?.bytes;
    if (!bytes || bytes.length === 0) return false;
    new Uint8Array(this.#core.memory.buffer, this.#runsAt, bytes.length).set(bytes);
    this.#core.exports.maskRunsDecode(this.#runsAt, bytes.length, this.#bitsAt);
    return true;
  }
}
