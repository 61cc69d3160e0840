import { VoxelwrightError } from "#base";
import type { BrickPixels, Dims } from "#volume";
import type { KernelImage } from "../kernel-data.ts";

/** Reads under way at once. */
const AHEAD = 24;

/** A brick that was asked for, under the number that it was asked by. */
export interface Arrival {
  readonly number: number;
  readonly brick: BrickPixels;
}

/** Brings image bricks in the order they were asked for, a few ahead. Arrivals are handed over in any order. */
export class BrickFeed {
  readonly #image: KernelImage;
  readonly #signal: AbortSignal | undefined;
  readonly #wanted: { readonly number: number; readonly at: Dims }[] = [];
  #reading = 0;
  #arrived: Arrival[] = [];
  #fault: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(image: KernelImage, signal: AbortSignal | undefined) {
    this.#image = image;
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

  async #read(number: number, [bi, bj, bk]: Dims): Promise<void> {
    try {
      const address = { frame: this.#image.frame, level: 0, bi, bj, bk };
      const brick = await this.#image.bricks.readBrick(address, this.#signal ? { signal: this.#signal } : {});
      if (!brick) {
        throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
          advice: "Try again when the import has finished.",
        });
      }
      this.#arrived.push({ number, brick });
    } catch (reason) {
      this.#fault ??= { reason };
    } finally {
      this.#reading--;
      this.#wake?.();
    }
  }
}
