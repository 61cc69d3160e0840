import type { ProgressOptions } from "#base";
import type { StudyRecord, StudyWriter } from "#storage";
import { BRICK_EDGE, type BrickAddress, type BrickPixels, PyramidBuilder, type SliceSource } from "#volume";

export interface ImportOptions extends ProgressOptions {
  /** Bricks that can be read from the cache from now on. */
  readonly onBricks?: (addresses: readonly BrickAddress[]) => void;
  /**
   * Copies of bricks that are not whole yet, for showing the first slices early: with the first slice, then while the first slab
   * fills, then coarser levels with every slab. `slices` of the first frame are in.
   */
  readonly onPartial?: (bricks: readonly BrickPixels[], slices: number) => void;
  /** Small picture for the study list, a data URL; asked for when all slices are in, so that no slice waits for it. */
  readonly thumbnail?: () => Promise<string | undefined>;
}

/** Time between two looks at the first slab while it fills; the first look is at the first slice. */
const PARTIAL_EVERY_MS = 400;
/** Looks copy whole bricks: at most this share of the time goes into them. */
const PARTIAL_SHARE = 0.1;
const PROGRESS_EVERY_MS = 40;
/** Bricks that may wait for the disk while the next slab is read: 32 MiB of 16-bit voxels. */
const BRICKS_WAITING = 64;

/**
 * Streams a source into bricks of every level and into the cache. Memory: the slabs of `PyramidBuilder` and the bricks in
 * flight, whatever the number of slices. Any failure or abort removes what was written and rejects.
 */
export async function importStudy(
  source: SliceSource,
  writer: StudyWriter,
  options: ImportOptions = {},
): Promise<StudyRecord> {
  const { signal } = options;
  const { grid, voxelType, frames } = source.description;
  const depth = grid.dims[2];
  const total = depth * frames;
  try {
    const storing = new StoringQueue(writer, options.onBricks);
    const looks = new FirstLooks(options.onPartial);
    let done = 0;
    let builder: PyramidBuilder | undefined;
    let frame = -1;
    let finished: BrickPixels[] = [];
    let nextProgress = 0;
    for await (const slice of source.slices(signal ? { signal } : {})) {
      signal?.throwIfAborted();
      if (slice.frame !== frame || !builder) {
        frame = slice.frame;
        builder = new PyramidBuilder(grid.dims, voxelType, frame, (brick) => finished.push(brick));
      }
      builder.push(slice.k, slice.voxels);
      done++;
      const whole = finished.length > 0;
      if (whole) {
        storing.add(finished);
        finished = [];
        await storing.room();
      }
      if (frame === 0) looks.offer(builder, slice.k, whole);
      const now = performance.now();
      if (now >= nextProgress || done === total) {
        nextProgress = now + PROGRESS_EVERY_MS;
        const where = frames > 1 ? `frame ${frame + 1} of ${frames}, ` : "";
        options.onProgress?.({ fraction: done / total, what: `${where}slice ${slice.k + 1} of ${depth}` });
      }
    }
    signal?.throwIfAborted();
    const [thumbnail] = await Promise.all([options.thumbnail?.(), storing.end()]);
    signal?.throwIfAborted();
    return await writer.finish(thumbnail === undefined ? {} : { thumbnail });
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
}

/** Bricks on their way to the disk, in order, while the next slices are read. */
class StoringQueue {
  readonly #writer: StudyWriter;
  readonly #onBricks: ImportOptions["onBricks"];
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();
  #roomMade: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(writer: StudyWriter, onBricks: ImportOptions["onBricks"]) {
    this.#writer = writer;
    this.#onBricks = onBricks;
  }

  add(bricks: BrickPixels[]): void {
    this.#waiting += bricks.length;
    this.#work = this.#work
      .then(() => this.#store(bricks))
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#roomMade?.();
      });
  }

  /** Resolves when few bricks wait; rejects with what storing failed by. */
  async room(): Promise<void> {
    while (this.#waiting > BRICKS_WAITING && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#roomMade = resolve;
      });
    }
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when all is stored. */
  async end(): Promise<void> {
    await this.#work;
    if (this.#failure) throw this.#failure.error;
  }

  async #store(bricks: BrickPixels[]): Promise<void> {
    if (this.#failure) return;
    const addresses = bricks.map((brick) => brick.address);
    // What is written is let go of at once, not with the slab.
    for (let brick = bricks.shift(); brick; brick = bricks.shift()) {
      await this.#writer.writeBrick(brick);
      this.#waiting--;
      this.#roomMade?.();
    }
    await this.#writer.flush();
    this.#onBricks?.(addresses);
  }
}

/** Shows bricks that are not whole: all levels while the first slab fills, coarser ones whenever another slab is whole. */
class FirstLooks {
  readonly #show: ImportOptions["onPartial"];
  #next = 0;

  constructor(show: ImportOptions["onPartial"]) {
    this.#show = show;
  }

  offer(builder: PyramidBuilder, k: number, slabWhole: boolean): void {
    const start = performance.now();
    if (!this.#show || !(slabWhole || (k < BRICK_EDGE && start >= this.#next))) return;
    const bricks = builder.partialBricks();
    if (bricks.length > 0) this.#show(bricks, k + 1);
    const now = performance.now();
    this.#next = now + Math.max(PARTIAL_EVERY_MS, (now - start) / PARTIAL_SHARE);
  }
}
