import { type AbortOptions, VoxelwrightError, yieldToEvents } from "#base";
import { BRICK_EDGE, type BrickPixels, type BrickSource, type ImageGrid } from "#volume";

/** What of an image values are read from. */
export interface ValueSource {
  readonly grid: ImageGrid;
  readonly bricks: Pick<BrickSource, "readBrick">;
  /** Shown value of a stored one: a linear function. */
  toShown(stored: number): number;
}

/** Bricks of level 0 of one frame, each an await, with a turn of the event loop now and then. */
export class LevelZero {
  readonly #source: ValueSource;
  readonly #frame: number;
  readonly #options: AbortOptions;
  #since = performance.now();

  constructor(source: ValueSource, frame: number, options: AbortOptions) {
    this.#source = source;
    this.#frame = frame;
    this.#options = options;
  }

  /** The brick of brick coordinates; its stored voxels are turned into shown values by `shown`. */
  async read(bi: number, bj: number, bk: number): Promise<BrickPixels> {
    if (performance.now() - this.#since > TURN_MS) {
      await yieldToEvents();
      this.#since = performance.now();
    }
    const address = { frame: this.#frame, level: 0, bi, bj, bk };
    const brick = await this.#source.bricks.readBrick(address, this.#options);
    if (brick) return brick;
    throw new VoxelwrightError("storage", "Voxels of the measurement are not in the local cache.", {
      subject: `brick ${bi}, ${bj}, ${bk}`,
      advice: "Import the scan again.",
    });
  }

  shown(stored: number): number {
    return this.#source.toShown(stored);
  }
}

/** Longest time without a turn of the event loop. */
const TURN_MS = 10;

/** Place of a voxel in its brick. */
export function voxelInBrick(i: number, j: number, k: number): number {
  return ((k % BRICK_EDGE) * BRICK_EDGE + (j % BRICK_EDGE)) * BRICK_EDGE + (i % BRICK_EDGE);
}
