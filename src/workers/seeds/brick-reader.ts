import type { BrickPixels } from "#volume";
import type { KernelImage } from "../kernel-data.ts";
import { SpareBricks } from "../spare-bricks.ts";
import { brickOfBox, type SeedsPlan } from "./plan.ts";

export interface ArrivedBrick {
  /** Number in the box. */
  readonly brick: number;
  readonly pixels: BrickPixels;
}

/** Reads image bricks ahead, those first that are wanted most. Arrivals are handed over in any order. */
export class BrickReader {
  readonly #bricks: SpareBricks;
  readonly #plan: SeedsPlan;
  readonly #ahead: number;
  readonly #signal: AbortSignal | undefined;
  readonly #reading = new Set<number>();
  #wanted: readonly number[] = [];
  #arrived: ArrivedBrick[] = [];
  #fault: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** `ahead` is the number of bricks that are read or lie ready at once. */
  constructor(image: KernelImage, plan: SeedsPlan, ahead: number, signal: AbortSignal | undefined) {
    this.#bricks = new SpareBricks(image);
    this.#plan = plan;
    this.#ahead = ahead;
    this.#signal = signal;
  }

  /** Says which bricks are wanted, those first that are wanted most; replaces what was said before. */
  want(bricks: readonly number[]): void {
    this.#wanted = bricks;
    this.#pump();
  }

  /** Whether a brick is being read or lies ready. */
  has(brick: number): boolean {
    return this.#reading.has(brick) || this.#arrived.some((other) => other.brick === brick);
  }

  /** Whether bricks are still to come. */
  get outstanding(): boolean {
    return this.#reading.size + this.#arrived.length > 0;
  }

  /** Says that nobody looks at a brick any more. */
  release({ pixels }: ArrivedBrick): void {
    this.#bricks.release(pixels);
  }

  /** Bricks that are there, at most `most`. Throws what a read threw. */
  takeArrived(most: number): ArrivedBrick[] {
    if (this.#fault) throw this.#fault.reason;
    return this.#arrived.splice(0, most);
  }

  /** As `takeArrived`, after waiting for at least one. */
  async take(most: number): Promise<ArrivedBrick[]> {
    while (this.#arrived.length === 0 && this.#reading.size > 0 && !this.#fault) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      // Reads that ended in the same turn come along.
      await Promise.resolve();
    }
    return this.takeArrived(most);
  }

  #pump(): void {
    for (const brick of this.#wanted) {
      if (this.#reading.size + this.#arrived.length >= this.#ahead || this.#fault) return;
      if (this.has(brick)) continue;
      this.#reading.add(brick);
      void this.#read(brick);
    }
  }

  async #read(brick: number): Promise<void> {
    try {
      const pixels = await this.#bricks.read(brickOfBox(this.#plan, brick), { signal: this.#signal });
      this.#arrived.push({ brick, pixels });
    } catch (reason) {
      this.#fault ??= { reason };
    } finally {
      this.#reading.delete(brick);
      this.#wake?.();
    }
  }
}
