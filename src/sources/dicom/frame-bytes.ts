import { VoxelwrightError } from "#base";
import { inflateRaw } from "./inflate.ts";
import type { Instance } from "./instance.ts";

/** A fragment of encapsulated voxels: where its bytes lie in the data set. */
interface Fragment {
  readonly offset: number;
  readonly byteLength: number;
  /** Distance of its item from the first item after the offset table, as offset tables count. */
  readonly position: number;
}

/** Items are found in windows of this many bytes. */
const WINDOW_BYTES = 1 << 16;
/** The only frame of a file is read together with its items up to this size: each read costs a millisecond, however small. */
const AT_ONCE_BYTES = 1 << 22;
const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;

/** Reads the coded bytes of frames of one file; keeps its table of fragments between calls, and what a deflated file unpacks to. */
export class FrameBytes {
  readonly #instance: Instance;
  #blob: Promise<Blob> | undefined;
  #frames: Promise<readonly (readonly Fragment[])[]> | undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** Coded bytes of a frame, owned by the caller; throws `source` where they end early or cannot be told apart. */
  async read(frame: number): Promise<Uint8Array> {
    const { pixels, format } = this.#instance;
    this.#blob ??= this.#open();
    const blob = await this.#blob;
    if (pixels.byteLength === undefined) {
      const left = blob.size - pixels.offset;
      if (this.#instance.frames === 1 && left <= AT_ONCE_BYTES) {
        const all = inMemory(pixels.offset, await bytesOf(blob, pixels.offset, left));
        const { fragments } = await readItems(all, pixels.offset);
        if (fragments.length === 0) throw noVoxels();
        const parts = await Promise.all(fragments.map(({ offset, byteLength }) => all.read(offset, byteLength)));
        return parts.length === 1 ? parts[0]!.slice() : concatenate(parts);
      }
      this.#frames ??= this.#findFrames(blob);
      const fragments = (await this.#frames)[frame];
      if (!fragments?.length) throw new VoxelwrightError("source", `Frame ${frame + 1} has no compressed voxels.`);
      return concatenate(
        await Promise.all(fragments.map((fragment) => bytesOf(blob, fragment.offset, fragment.byteLength))),
      );
    }
    if (this.#instance.syntax.coding !== "raw") return bytesOf(blob, pixels.offset, pixels.byteLength);
    const size = format.rows * format.columns * (format.bitsAllocated / 8);
    return bytesOf(blob, pixels.offset + frame * size, size);
  }

  async #open(): Promise<Blob> {
    const { file, deflatedFrom } = this.#instance;
    if (deflatedFrom === undefined) return file.blob;
    const bytes = await inflateRaw(file.blob.slice(deflatedFrom));
    return new Blob([bytes as Uint8Array<ArrayBuffer>]);
  }

  /** Fragments of each frame (PS3.5 annex A.4): by the offset table, one each, or by where code streams start. */
  async #findFrames(blob: Blob): Promise<readonly (readonly Fragment[])[]> {
    const { frames, pixels } = this.#instance;
    const { table, fragments } = await readItems(inBlob(blob), pixels.offset);
    if (fragments.length === 0) throw noVoxels();
    if (frames === 1) return [fragments];
    if (table.length === frames) {
      const grouped = byTable(table, fragments);
      if (grouped.every((group) => group.length > 0)) return grouped;
    }
    if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
    const starts: Fragment[][] = [];
    for (const fragment of fragments) {
      const [a, b] = await bytesOf(blob, fragment.offset, Math.min(2, fragment.byteLength));
      const startsStream = a === 0xff && (b === 0xd8 || b === 0x4f);
      if (startsStream || starts.length === 0) starts.push([fragment]);
      else starts.at(-1)!.push(fragment);
    }
    if (starts.length === frames) return starts;
    throw new VoxelwrightError(
      "source",
      `The compressed voxels of ${frames} frames come in ${fragments.length} pieces without a usable table.`,
    );
  }
}

/** Fragments from each offset up to the next. */
function byTable(table: readonly number[], fragments: readonly Fragment[]): Fragment[][] {
  const grouped = table.map((): Fragment[] => []);
  let frame = 0;
  for (const fragment of fragments) {
    while (frame + 1 < table.length && fragment.position >= table[frame + 1]!) frame++;
    grouped[frame]!.push(fragment);
  }
  return grouped;
}

/** Bytes of a data set by their offset in it; `read` throws `source` where they end early. */
interface Bytes {
  /** Bytes of the data set. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

function inBlob(blob: Blob): Bytes {
  return { size: blob.size, read: (offset, length) => bytesOf(blob, offset, length) };
}

/** The last bytes of a data set, from `start` on; what is read are views of them. */
function inMemory(start: number, bytes: Uint8Array): Bytes {
  const size = start + bytes.length;
  return {
    size,
    read: async (offset, length) => {
      if (offset + length > size) throw endsEarly(size, offset + length);
      return bytes.subarray(offset - start, offset - start + length);
    },
  };
}

function noVoxels(): VoxelwrightError {
  return new VoxelwrightError("source", "There are no compressed voxels in the file.");
}

function endsEarly(size: number, end: number): VoxelwrightError {
  return new VoxelwrightError("source", `The voxels end early: the file has ${size} bytes, they reach to byte ${end}.`);
}

/** The basic offset table and all fragments after it. */
async function readItems(bytes: Bytes, offset: number): Promise<{ table: number[]; fragments: Fragment[] }> {
  let window: { start: number; view: DataView } | undefined;
  const head = async (at: number): Promise<{ tag: number; length: number } | undefined> => {
    if (at + 8 > bytes.size) return undefined;
    if (!window || at < window.start || at + 8 > window.start + window.view.byteLength) {
      const { buffer, byteOffset, length } = await bytes.read(at, Math.min(WINDOW_BYTES, bytes.size - at));
      window = { start: at, view: new DataView(buffer, byteOffset, length) };
    }
    const view = window.view;
    return { tag: view.getUint32(at - window.start, true), length: view.getUint32(at - window.start + 4, true) };
  };
  const first = await head(offset);
  if (first?.tag !== ITEM) throw new VoxelwrightError("source", "The compressed voxels do not start with an item.");
  const tableBytes =
    first.length > 0 && first.length < 1 << 26 ? await bytes.read(offset + 8, first.length) : new Uint8Array(0);
  const tableView = new DataView(tableBytes.buffer, tableBytes.byteOffset, tableBytes.length);
  const table = Array.from({ length: Math.floor(tableBytes.length / 4) }, (_, n) => tableView.getUint32(n * 4, true));
  const base = offset + 8 + first.length;
  const fragments: Fragment[] = [];
  for (let at = base; ; ) {
    const item = await head(at);
    // Some writers leave the delimiter out at the end of the file.
    if (!item || item.tag === SEQUENCE_END) break;
    if (item.tag !== ITEM) throw new VoxelwrightError("source", `The compressed voxels are damaged at byte ${at}.`);
    fragments.push({ offset: at + 8, byteLength: item.length, position: at - base });
    at += 8 + item.length;
  }
  return { table, fragments };
}

async function bytesOf(blob: Blob, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (offset + length > blob.size) throw endsEarly(blob.size, offset + length);
  return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
