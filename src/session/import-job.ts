import { isAbortError, isVoxelwrightError, type ProgressOptions, VoxelwrightError } from "#base";
import type { StudyRecord, StudyWriter } from "#storage";
import {
  BRICK_EDGE,
  type BrickAddress,
  type BrickPixels,
  type BrickSource,
  type BuiltBrick,
  PyramidBuilder,
  pyramidLevels,
  type PyramidWork,
  type Slice,
  SlicesOfBricks,
  type SliceSource,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";

export interface ImportOptions extends ProgressOptions {
  /** Bricks that can be read from the cache from now on. */
  readonly onBricks?: (addresses: readonly BrickAddress[]) => void;
  /**
   * Copies of bricks that are not whole yet, for showing the first slices early: with the first slice, then while the first slab
   * fills, then coarser levels as slabs become whole. `slices` of the first frame are in.
   */
  readonly onPartial?: (bricks: readonly BrickPixels[], slices: number) => void;
  /** Small picture for the study list, a data URL, of the voxels of the first frame's middle slice as it comes by. */
  readonly thumbnailOf?: (middle: VoxelArray) => Promise<string | undefined>;
  /** The same where that gave none; asked for when all slices are in, so that no slice waits for it. */
  readonly thumbnail?: () => Promise<string | undefined>;
  /** What does the work on slices; plain TypeScript where it is not given. */
  readonly work?: PyramidWork;
}

/** Time between two looks; the first is at the first slice. */
const PARTIAL_EVERY_MS = 400;
/** Looks copy whole bricks: at most this share of the time goes into them. */
const PARTIAL_SHARE = 0.1;
/** Most bytes of a look: of wide slices the coarser levels alone are shown until their slab is whole. */
const PARTIAL_BYTES = 64 * 2 ** 20;
const PROGRESS_EVERY_MS = 100;
/** Failures after which an import can go on. */
const GOES_ON: ReadonlySet<string> = new Set(["storage", "worker", "network"]);
/** Bricks that may wait for the disk beside what a slab takes: 32 MiB of 16-bit voxels. */
const BRICKS_WAITING = 64;
/** Bricks that the writer is given before it has written the first of them, so that it never waits for this thread: 24 MiB of 16 bits. */
const BRICKS_GIVEN = 48;

/**
 * Streams a source into bricks of every level and into the cache. Memory: the slabs of `PyramidBuilder` and the bricks in
 * flight, whatever the number of slices. Where the writer has whole slices of an import that was cut off, it goes on behind them:
 * `stored` gives their bricks, and the bricks that follow are those of an uninterrupted import. Rejects with `source` when the
 * slice before is another one in `source`.
 *
 * After a failure of the cache, of a worker, or of the network, what is whole stays, to be gone on with, as does what was there before. Any other failure or abort
 * of a new import removes what was written.
 */
export async function importStudy(
  source: SliceSource,
  writer: StudyWriter,
  stored: BrickSource,
  options: ImportOptions = {},
): Promise<StudyRecord> {
  const { signal } = options;
  const { description } = source;
  const { grid, voxelType, frames } = description;
  const depth = grid.dims[2];
  const total = depth * frames;
  const storing = new StoringQueue(writer, options.onBricks);
  try {
    const looks = new FirstLooks(options.onPartial);
    const whole = writer.wholeSlices;
    let done = whole;
    let finished: BuiltBrick[] = [];
    const start = (frame: number): PyramidBuilder =>
      new PyramidBuilder(grid.dims, voxelType, frame, (brick) => finished.push(brick), options.work);
    let frame = Math.floor(whole / depth);
    let builder = start(frame);
    if (whole % depth > 0) {
      options.onProgress?.({ fraction: whole / total, what: `going on at slice ${(whole % depth) + 1} of ${depth}` });
      await builder.resume(whole % depth, stored, signal ? { signal } : {});
      if (frame === 0) looks.offer(builder, whole - 1, true);
    }
    let nextProgress = 0;
    let picture: Promise<string | undefined> | undefined;
    // The slice before tells whether the source is the one that the import began with.
    const from = Math.max(0, whole - 1);
    for await (const slice of source.slices({ from, ...(signal ? { signal } : {}) })) {
      signal?.throwIfAborted();
      const at = slice.frame * depth + slice.k;
      if (at < from) continue;
      if (at < whole) {
        await checkSame(slice, description, stored);
        continue;
      }
      if (slice.frame !== frame) {
        frame = slice.frame;
        builder = start(frame);
      }
      if (at === depth >> 1) picture = options.thumbnailOf?.(slice.voxels);
      await storing.room(slice.k % BRICK_EDGE);
      builder.push(slice.k, slice.voxels);
      done++;
      const slabWhole = finished.length > 0;
      if (slabWhole) {
        storing.add(finished, at + 1);
        finished = [];
      }
      if (frame === 0) looks.offer(builder, slice.k, slabWhole);
      const now = performance.now();
      if (now >= nextProgress || done === total) {
        nextProgress = now + PROGRESS_EVERY_MS;
        const where = frames > 1 ? `frame ${frame + 1} of ${frames}, ` : "";
        options.onProgress?.({ fraction: done / total, what: `${where}slice ${slice.k + 1} of ${depth}` });
      }
    }
    signal?.throwIfAborted();
    const [thumbnail] = await Promise.all([(await picture) ?? options.thumbnail?.(), storing.end()]);
    signal?.throwIfAborted();
    return await writer.finish(thumbnail === undefined ? {} : { thumbnail });
  } catch (error) {
    const keep = writer.wholeSlices > 0 || (storing.wholeSlices > 0 && canGoOn(error));
    await (keep ? writer.suspend() : writer.abort()).catch(() => undefined);
    throw error;
  }
}

/** Whether the cache, a worker or the network failed, and not the files: the import can go on where it was. */
function canGoOn(error: unknown): boolean {
  return !isAbortError(error) && isVoxelwrightError(error) && GOES_ON.has(error.kind);
}

async function checkSame(
  slice: Slice,
  { name, grid, voxelType }: VolumeDescription,
  stored: BrickSource,
): Promise<void> {
  const [finest] = pyramidLevels(grid.dims);
  const known = await new SlicesOfBricks(stored, slice.frame, finest!, voxelType).slice(slice.k);
  // NaN is equal to itself here.
  if (known.every((value, n) => Object.is(value, slice.voxels[n]))) return;
  throw new VoxelwrightError("source", `Slice ${slice.k + 1} is another one than was imported before.`, {
    subject: name,
    advice: "Choose the files that the import began with, or delete the import and begin anew.",
    fields: { otherVoxels: true },
  });
}

/** Bricks on their way to the disk, in order, while the next slices are read. */
class StoringQueue {
  readonly #writer: StudyWriter;
  readonly #onBricks: ImportOptions["onBricks"];
  #waiting = 0;
  /** Bricks of the slab that came last. */
  #ofSlab = 0;
  #work: Promise<void> = Promise.resolve();
  #roomMade: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Slices, over all frames, that are stored with all their bricks. */
  wholeSlices = 0;

  constructor(writer: StudyWriter, onBricks: ImportOptions["onBricks"]) {
    this.#writer = writer;
    this.#onBricks = onBricks;
  }

  /** Takes all bricks that came with a slab, which makes `wholeSlices` whole. */
  add(bricks: BuiltBrick[], wholeSlices: number): void {
    this.#waiting += bricks.length;
    this.#ofSlab = bricks.length;
    this.#work = this.#work
      .then(() => this.#store(bricks, wholeSlices))
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#roomMade?.();
      });
  }

  /**
   * Resolves when there is room for slice `inSlab` (0–63) of a slab: as it fills, those of the slab before leave, so that both together
   * take hardly more memory than one. Rejects with what storing failed by.
   */
  async room(inSlab: number): Promise<void> {
    const most = BRICKS_WAITING + this.#ofSlab * (1 - inSlab / BRICK_EDGE);
    while (this.#waiting > most && !this.#failure) {
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

  async #store(bricks: BuiltBrick[], wholeSlices: number): Promise<void> {
    if (this.#failure) return;
    const addresses = bricks.map((brick) => brick.address);
    // What is written is let go of at once, not with the slab.
    const given = new Set<Promise<void>>();
    for (let brick = bricks.shift(); brick; brick = bricks.shift()) {
      const writing = this.#writer.writeBrick(brick.takePlanes()).then((planes) => {
        given.delete(writing);
        brick.giveBack(planes);
        this.#waiting--;
        this.#roomMade?.();
      });
      given.add(writing);
      if (given.size >= BRICKS_GIVEN) await Promise.race(given);
    }
    await Promise.all(given);
    await this.#writer.flush(wholeSlices);
    this.wholeSlices = wholeSlices;
    this.#onBricks?.(addresses);
  }
}

/** Shows bricks that are not whole: all levels while the first slab fills, coarser ones when another slab is whole. */
class FirstLooks {
  readonly #show: ImportOptions["onPartial"];
  #next = 0;

  constructor(show: ImportOptions["onPartial"]) {
    this.#show = show;
  }

  offer(builder: PyramidBuilder, k: number, slabWhole: boolean): void {
    const start = performance.now();
    if (!this.#show || !(slabWhole || k < BRICK_EDGE) || start < this.#next) return;
    const bricks = builder.partialBricks(PARTIAL_BYTES);
    if (bricks.length > 0) this.#show(bricks, k + 1);
    const now = performance.now();
    this.#next = now + Math.max(PARTIAL_EVERY_MS, (now - start) / PARTIAL_SHARE);
  }
}
