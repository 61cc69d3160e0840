import {
  type AbortOptions,
  type Disposable,
  isAbortError,
  isVoxelwrightError,
  SharedWork,
  VoxelwrightError,
} from "#base";
import type { BrickAppender, StudyOrigin, StudyStore } from "#storage";
import { type BrickAddress, brickKey, type BrickPixels, type BrickSource } from "#volume";
import type { ImportInput } from "../import-input.ts";
import { type ChunkedSeries, openSeries, sameImage } from "./origin.ts";

/** What was read is indexed at the latest after this time without another brick. */
const FLUSH_AFTER_MS = 1000;
/** Room that an image leaves for labels and the journal, which nobody can fetch again: bytes, at most a share of what there is. */
const ROOM_FOR_LABELS = 256 * 2 ** 20;
const SHARE_FOR_LABELS = 0.2;
/** Bricks between two looks at the room: 32 MiB of 16-bit voxels. */
const LOOK_EVERY = 64;
/** Bricks on their way to the disk while others are read already: 16 MiB of 16-bit voxels. */
const KEPT_BEHIND = 32;
/** After this time it is tried again to keep what could not be kept. */
const KEEP_AGAIN_MS = 60_000;

/**
 * Bricks of a study that is not copied: from the cache, else from its origin, and then kept. A brick that is damaged in the cache is
 * read from the origin again. The origin is opened when the first brick is missing, and must be the image that the cache is of.
 */
export class CachedVolume implements BrickSource, Disposable {
  readonly #origin: StudyOrigin;
  readonly #input: ImportInput | undefined;
  readonly #cached: BrickSource & Disposable;
  readonly #reads = new SharedWork<BrickPixels>();
  readonly #openings = new SharedWork<ChunkedSeries>();
  #series: ChunkedSeries | undefined;
  /** Why the origin could not be opened: others need not wait for the same until a probe. */
  #unreachable: VoxelwrightError | undefined;
  /** Undefined while nothing can be kept: bricks are then read without. */
  #appender: Promise<BrickAppender | undefined>;
  readonly #keeping = new Set<Promise<void>>();
  #keepAgainAt = Number.POSITIVE_INFINITY;
  #bricksToLook = 0;
  readonly #store: StudyStore;
  readonly #append: () => Promise<BrickAppender | undefined>;
  readonly #unkept: (error: unknown) => void;
  #flushing: ReturnType<typeof setTimeout> | undefined;

  /** `series` is the origin where it is open and was compared already. `unkept` hears once why what is read is not kept. */
  constructor(
    store: StudyStore,
    volumeId: string,
    {
      origin,
      input,
      series,
    }: {
      readonly origin: StudyOrigin;
      readonly input: ImportInput | undefined;
      readonly series?: ChunkedSeries | undefined;
    },
    unkept: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#origin = origin;
    this.#input = input;
    this.#series = series;
    this.#cached = store.openBricks(volumeId);
    this.#unkept = once(unkept);
    // Another tab that shows the same study keeps what it reads; this one then only reads.
    this.#append = () => store.append(volumeId).catch(() => undefined);
    this.#appender = this.#append();
  }

  async readBrick(address: BrickAddress, { signal }: AbortOptions = {}): Promise<BrickPixels> {
    return this.#reads.run(brickKey(address), signal, async (shared) => {
      const held = await this.#held(address, shared);
      if (held) return held;
      const { chunked } = await this.#open(shared);
      const brick = await chunked.readBrick(address, { signal: shared }, this);
      if (!chunked.nearby || address.level > 0) await this.#keepBehind(brick);
      return brick;
    });
  }

  /** Rejects with `network` while the origin cannot be reached. */
  async probe(options: AbortOptions = {}): Promise<void> {
    this.#unreachable = undefined;
    const { chunked } = await this.#open(options.signal);
    await chunked.probe(options);
  }

  /** Writes what was read and lets the study go. */
  async close(): Promise<void> {
    await Promise.all(this.#keeping);
    clearTimeout(this.#flushing);
    const appender = await this.#appender;
    await appender?.flush().catch(() => undefined);
    this.dispose();
  }

  dispose(): void {
    clearTimeout(this.#flushing);
    this.#stopKeeping();
    this.#cached.dispose();
  }

  async #held(address: BrickAddress, signal: AbortSignal): Promise<BrickPixels | undefined> {
    try {
      return await this.#cached.readBrick(address, { signal });
    } catch (error) {
      if (isVoxelwrightError(error) && error.kind === "integrity") return undefined;
      throw error;
    }
  }

  async #open(signal: AbortSignal | undefined): Promise<ChunkedSeries> {
    if (this.#series) return this.#series;
    const input = this.#input;
    if (!input) throw notGiven(this.#origin);
    if ("handles" in input && input.denied) throw notAllowed(this.#origin);
    if (this.#unreachable) throw this.#unreachable;
    return this.#openings.run("", signal, async (shared) => {
      const options = { signal: shared };
      const series = await openSeries(input, this.#origin.seriesId, options).catch((error: unknown) => {
        if (isVoxelwrightError(error) && error.kind === "network") this.#unreachable = error;
        throw error;
      });
      if (!(await sameImage(series, this.#origin, this.#cached, options))) throw changed(this.#origin);
      this.#series = series;
      return series;
    });
  }

  #stopKeeping(keepAgainAt = Number.POSITIVE_INFINITY): void {
    void this.#appender.then((appender) => appender?.dispose());
    this.#appender = Promise.resolve(undefined);
    this.#keepAgainAt = keepAgainAt;
  }

  /** Whoever reads a brick need not wait for the disk, as long as it keeps up. */
  async #keepBehind(brick: BrickPixels): Promise<void> {
    const keeping = this.#keep(brick).finally(() => this.#keeping.delete(keeping));
    this.#keeping.add(keeping);
    if (this.#keeping.size > KEPT_BEHIND) await Promise.race(this.#keeping);
  }

  /** Never rejects: what cannot be kept is told. */
  async #keep(brick: BrickPixels): Promise<void> {
    if (Date.now() >= this.#keepAgainAt) {
      this.#keepAgainAt = Number.POSITIVE_INFINITY;
      this.#appender = this.#append();
    }
    const appender = await this.#appender;
    if (!appender) return;
    try {
      if (this.#bricksToLook-- === 0) await this.#lookForRoom();
      await appender.writeBrick({ ...brick, voxels: brick.voxels.slice() });
    } catch (error) {
      // The volume was let go meanwhile.
      if (!isAbortError(error)) this.#cannotKeep(error);
      return;
    }
    clearTimeout(this.#flushing);
    this.#flushing = setTimeout(
      () => void appender.flush().catch((error: unknown) => this.#cannotKeep(error)),
      FLUSH_AFTER_MS,
    );
  }

  async #lookForRoom(): Promise<void> {
    this.#bricksToLook = LOOK_EVERY;
    const { usedBytes, quotaBytes } = await this.#store.estimate();
    if (quotaBytes - usedBytes >= Math.min(ROOM_FOR_LABELS, quotaBytes * SHARE_FOR_LABELS)) return;
    throw new VoxelwrightError(
      "storage",
      "The storage is nearly full, and what is left is for labels and the journal.",
      {
        advice: "Remove a study from the list or free disk space.",
        fields: { quota: true },
      },
    );
  }

  /** A full disk keeps nobody from looking: what is not kept is read again, and said. */
  #cannotKeep(error: unknown): void {
    this.#stopKeeping(Date.now() + KEEP_AGAIN_MS);
    this.#bricksToLook = 0;
    this.#unkept(error);
  }
}

function once(tell: (error: unknown) => void): (error: unknown) => void {
  let told = false;
  return (error) => {
    if (!told) tell(error);
    told = true;
  };
}

const UNREAD = "Parts of the image that were not looked at before cannot be read";

function notGiven({ name }: StudyOrigin): VoxelwrightError {
  return new VoxelwrightError("source", `${UNREAD}: the browser keeps no access to its files.`, {
    subject: name,
    advice: "Open the same files, folder or archive again: the study goes on with its labels.",
  });
}

function notAllowed({ name }: StudyOrigin): VoxelwrightError {
  return new VoxelwrightError("source", `${UNREAD}: the browser was not allowed to read its files.`, {
    subject: name,
    advice: "Close the study, click it in the list and allow it, or open the same files, folder or archive again.",
  });
}

function changed({ name }: StudyOrigin): VoxelwrightError {
  return new VoxelwrightError("source", "Another image than before is there, so nothing more is read from it.", {
    subject: name,
    advice: "Open it again: it becomes a study of its own.",
  });
}
