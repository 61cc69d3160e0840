import { VoxelwrightError } from "#base";

/** A fragment of encapsulated voxels: where its bytes lie in the data set. */
export interface Fragment {
  readonly offset: number;
  readonly byteLength: number;
  /** Distance of its item from the first item after the offset table, as offset tables count. */
  readonly position: number;
  /** Whether a code stream of the JPEG family begins with it. */
  readonly startsStream: boolean;
}

/** Bytes of a data set by their offset in it; `read` throws `source` where they end early. */
export interface DataSetBytes {
  /** Bytes of the data set. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Items are found in windows of this many bytes. */
const WINDOW_BYTES = 1 << 16;
const ITEM_HEAD_BYTES = 8;
/** An item's head, and how its code stream begins. */
const LOOK_BYTES = ITEM_HEAD_BYTES + 2;
const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;
const LONGEST_TABLE_BYTES = 1 << 26;

/**
 * The fragments of encapsulated voxels by frame (PS3.5 annex A.4): by the offset table, one each, or by where code streams start. Items are
 * walked no further than a frame asks for, as long as table or streams leave no doubt; else all of them decide.
 */
export class EncapsulatedFrames {
  readonly #bytes: DataSetBytes;
  readonly #frames: number;
  readonly #fragments: Fragment[] = [];
  /** Index of the fragment at a position. */
  readonly #indices = new Map<number, number>();
  /** Offset table; empty where there is none that could be used. */
  #table: readonly number[] = [];
  /** Where the first item after the table lies. */
  #base = 0;
  /** Where the next item lies; undefined behind the last. */
  #next: number | undefined;
  #window: { readonly start: number; readonly view: DataView } | undefined;
  /** Walks wait for one another. */
  #walked: Promise<void>;
  /** Fragments from the first on that each start a stream. */
  #starts = 0;
  /** All frames, once all fragments are known. */
  #groups: readonly (readonly Fragment[])[] | undefined;

  /** `offset`: of the item that holds the table. */
  constructor(bytes: DataSetBytes, offset: number, frames: number) {
    this.#bytes = bytes;
    this.#frames = frames;
    this.#walked = this.#begin(offset);
    this.#walked.catch(() => undefined);
  }

  /** The fragments of a frame; throws `source` where the items are damaged or frames cannot be told apart. */
  async of(frame: number): Promise<readonly Fragment[]> {
    await this.#walked;
    const early = (await this.#byTable(frame)) ?? (await this.#byStreams(frame));
    // Where all fragments are known, all of them decide.
    if (early && this.#next !== undefined) return early;
    await this.#walk(() => false);
    this.#groups ??= grouped(this.#fragments, this.#table, this.#frames);
    const fragments = this.#groups[frame];
    if (!fragments?.length) throw new VoxelwrightError("source", `Frame ${frame + 1} has no compressed voxels.`);
    return fragments;
  }

  /** By the table where fragments begin exactly where it says, at this frame and the next. */
  async #byTable(frame: number): Promise<readonly Fragment[] | undefined> {
    const from = this.#table[frame];
    const to = this.#table[frame + 1];
    if (from === undefined || to === undefined || from >= to) return undefined;
    await this.#walk(({ position }) => position >= to);
    const first = this.#indices.get(from);
    const next = this.#indices.get(to);
    return first !== undefined && next !== undefined ? this.#fragments.slice(first, next) : undefined;
  }

  /** One fragment where all up to the next one start a stream. */
  async #byStreams(frame: number): Promise<readonly Fragment[] | undefined> {
    // Whether there are as many as there should be is seen at the last.
    if (this.#table.length > 0 || frame === this.#frames - 1) return undefined;
    const count = frame + 2;
    await this.#walk(({ startsStream }) => this.#fragments.length >= count || !startsStream);
    while (this.#fragments[this.#starts]?.startsStream) this.#starts++;
    return this.#starts >= count ? [this.#fragments[frame]!] : undefined;
  }

  async #begin(offset: number): Promise<void> {
    const first = await this.#look(offset);
    if (first?.tag !== ITEM) throw new VoxelwrightError("source", "The compressed voxels do not start with an item.");
    if (first.length > 0 && first.length < LONGEST_TABLE_BYTES) {
      const bytes = await this.#bytes.read(offset + ITEM_HEAD_BYTES, first.length);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const table = Array.from({ length: Math.floor(bytes.length / 4) }, (_, n) => view.getUint32(n * 4, true));
      if (table.length === this.#frames) this.#table = table;
    }
    this.#base = offset + ITEM_HEAD_BYTES + first.length;
    this.#next = this.#base;
  }

  /** Walks on up to the first fragment that is enough, or to the end. */
  #walk(enough: (last: Fragment) => boolean): Promise<void> {
    this.#walked = this.#walked.then(async () => {
      for (let last = this.#fragments.at(-1); this.#next !== undefined && !(last && enough(last)); ) {
        const at = this.#next;
        const item = await this.#look(at);
        // Some writers leave the delimiter out at the end of the file.
        if (!item || item.tag === SEQUENCE_END) this.#next = undefined;
        else if (item.tag !== ITEM)
          throw new VoxelwrightError("source", `The compressed voxels are damaged at byte ${at}.`);
        else {
          const { length: byteLength, startsStream } = item;
          last = { offset: at + ITEM_HEAD_BYTES, byteLength, position: at - this.#base, startsStream };
          this.#indices.set(last.position, this.#fragments.length);
          this.#fragments.push(last);
          this.#next = at + ITEM_HEAD_BYTES + byteLength;
        }
      }
      if (this.#next === undefined && this.#fragments.length === 0)
        throw new VoxelwrightError("source", "There are no compressed voxels in the file.");
    });
    return this.#walked;
  }

  async #look(
    at: number,
  ): Promise<{ readonly tag: number; readonly length: number; readonly startsStream: boolean } | undefined> {
    const { size } = this.#bytes;
    if (at + ITEM_HEAD_BYTES > size) return undefined;
    const end = Math.min(at + LOOK_BYTES, size);
    if (!this.#window || at < this.#window.start || end > this.#window.start + this.#window.view.byteLength) {
      const { buffer, byteOffset, length } = await this.#bytes.read(at, Math.min(WINDOW_BYTES, size - at));
      this.#window = { start: at, view: new DataView(buffer, byteOffset, length) };
    }
    const { start, view } = this.#window;
    const mark = at + LOOK_BYTES <= end ? view.getUint16(at - start + ITEM_HEAD_BYTES) : 0;
    const length = view.getUint32(at - start + 4, true);
    // JPEG and JPEG-LS, JPEG 2000.
    const startsStream = length >= 2 && (mark === 0xffd8 || mark === 0xff4f);
    return { tag: view.getUint32(at - start, true), length, startsStream };
  }
}

/** All frames of all fragments. */
function grouped(
  fragments: readonly Fragment[],
  table: readonly number[],
  frames: number,
): readonly (readonly Fragment[])[] {
  if (frames === 1) return [fragments];
  if (table.length === frames) {
    const groups = byTable(table, fragments);
    if (groups.every((group) => group.length > 0)) return groups;
  }
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const starts: Fragment[][] = [];
  for (const fragment of fragments) {
    if (fragment.startsStream || starts.length === 0) starts.push([fragment]);
    else starts.at(-1)!.push(fragment);
  }
  if (starts.length === frames) return starts;
  throw new VoxelwrightError(
    "source",
    `The compressed voxels of ${frames} frames come in ${fragments.length} pieces without a usable table.`,
  );
}

/** Fragments from each offset up to the next. */
function byTable(table: readonly number[], fragments: readonly Fragment[]): Fragment[][] {
  const groups = table.map((): Fragment[] => []);
  let frame = 0;
  for (const fragment of fragments) {
    while (frame + 1 < table.length && fragment.position >= table[frame + 1]!) frame++;
    groups[frame]!.push(fragment);
  }
  return groups;
}
