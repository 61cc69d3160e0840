import type { BrickPixels, Dims } from "#volume";
import type { KernelImage } from "../kernel-data.ts";
import { SpareBricks } from "../spare-bricks.ts";

/** Reads under way at once. */
const AHEAD = 24;

/** A brick that was asked for, under the number that it was asked by. */
export interface Arrival {
  readonly number: number;
  readonly brick: BrickPixels;
}

/** Brings image bricks in the order they were asked for, a few ahead. Arrivals are handed over in any order. */
export class BrickFeed {
  readonly #bricks: SpareBricks;
  readonly #signal: AbortSignal | undefined;
  readonly #wanted: { readonly number: number; readonly at: Dims }[] = [];
  #reading = 0;
  #arrived: Arrival[] = [];
  #fault: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(image: KernelImage, signal: AbortSignal | undefined) {
    this.#bricks = new SpareBricks(image);
    this.#signal = signal;
  }

  /** Asks for the brick of level 0 at brick coordinates `at`. */
  request(number: number, at: Dims): void {
    this.#wanted.push({ number, at });
    this.#pump();
  }

  /** Whether a brick or a fault is there to be taken. */
  get ready(): boolean {
    return this.#arrived.length > 0 || this.#fault !== undefined;
  }

  /** A brick that is there, if any. Throws what a read threw. */
  take(): Arrival | undefined {
    if (this.#fault) throw this.#fault.reason;
    const taken = this.#arrived.shift();
    this.#pump();
    return taken;
  }

  /** Says that nobody looks at a brick any more. */
  release({ brick }: Arrival): void {
    this.#bricks.release(brick);
  }

  /** Whether something is to come. */
  get outstanding(): boolean {
    return this.#reading > 0;
  }

  /** Resolves at the next arrival. */
  arrival(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #pump(): void {
    while (this.#reading + this.#arrived.length < AHEAD) {
      const next = this.#wanted.shift();
      if (!next) return;
      this.#reading++;
      void this.#read(next.number, next.at);
    }
  }

  async #read(number: number, at: Dims): Promise<void> {
    try {
      this.#arrived.push({ number, brick: await this.#bricks.read(at, { signal: this.#signal }) });
    } catch (reason) {
      this.#fault ??= { reason };
    } finally {
      this.#reading--;
      this.#wake?.();
    }
  }
}
