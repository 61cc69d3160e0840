import { VoxelwrightError } from "#base";
import type { BrickPixels } from "#volume";
import type { KernelImage } from "../kernel-data.ts";

/** Reads under way at once. */
const AHEAD = 24;

type BrickCoordinates = readonly [number, number, number];

/** Brings image bricks in the order they were asked for, a few ahead. Arrivals are handed over in any order. */
export class BrickFeed {
  readonly #image: KernelImage;
  readonly #signal: AbortSignal | undefined;
  readonly #wanted: BrickCoordinates[] = [];
  #reading = 0;
  #arrived: BrickPixels[] = [];
  #fault: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(image: KernelImage, signal: AbortSignal | undefined) {
    this.#image = image;
    this.#signal = signal;
  }

  /** Whether bricks are still to come. */
  get outstanding(): boolean {
    return this.#wanted.length + this.#reading + this.#arrived.length > 0;
  }

  /** Asks for a brick of level 0. */
  request(brick: BrickCoordinates): void {
    this.#wanted.push(brick);
    this.#pump();
  }

  /** Bricks that are there, at most `max`. Throws what a read threw. */
  takeArrived(max: number): BrickPixels[] {
    if (this.#fault) throw this.#fault.reason;
    const taken = this.#arrived.splice(0, max);
    this.#pump();
    return taken;
  }

  /** As `takeArrived`, after waiting for at least one. */
  async take(max: number): Promise<BrickPixels[]> {
    while (this.#arrived.length === 0 && this.#reading > 0 && !this.#fault) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      // Reads that ended in the same turn come along.
      await Promise.resolve();
    }
    return this.takeArrived(max);
  }

  #pump(): void {
    while (this.#reading + this.#arrived.length < AHEAD) {
      const next = this.#wanted.shift();
      if (!next) return;
      this.#reading++;
      void this.#read(next);
    }
  }

  async #read([bi, bj, bk]: BrickCoordinates): Promise<void> {
    try {
      const address = { frame: this.#image.frame, level: 0, bi, bj, bk };
      const brick = await this.#image.bricks.readBrick(address, this.#signal ? { signal: this.#signal } : {});
      if (!brick) {
        throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
          advice: "Try again when the import has finished.",
        });
      }
      this.#arrived.push(brick);
    } catch (reason) {
      this.#fault ??= { reason };
    } finally {
      this.#reading--;
      this.#wake?.();
    }
  }
}
