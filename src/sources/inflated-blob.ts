import { Inflate } from "fflate";
import { type EntryFacts, inflateEntry, inflateWhole } from "./inflate-entry.ts";
import { ENTRY_KEEP_BYTES, ENTRY_KEEP_TOTAL_BYTES } from "./limits.ts";
import type { Afar } from "./range-blob.ts";

/** A deflated stretch of an archive. */
export interface DeflatedEntry extends EntryFacts {
  /** The compressed bytes. */
  readonly compressed: () => Promise<Blob>;
  /** Where the archive is read from. */
  readonly afar: Afar | undefined;
  /** Whether the archive has more than is kept of it, so that a look at the start of an entry inflates no more than that. */
  readonly large: boolean;
}

/** Readers look at the heads of many files before they read one of them whole. */
const HEAD_BYTES = 64 * 1024;

/** Packed bytes beyond as many as are wanted of what they hold: for what does not shrink, and for a stored block, which is given whole (RFC 1951, 3.2.4). */
const DEFLATE_MORE_BYTES: readonly number[] = [512, 512 + 2 ** 16];

/** Packed bytes that are inflated at one go. */
const PUSHED_BYTES = 2048;

/** Small entries that were inflated whole, least recently used first. */
const kept = new Map<DeflatedEntry, Uint8Array<ArrayBuffer>>();
let keptBytes = 0;

/**
 * A Blob whose bytes are inflated when they are read, never all at once unless small. Reading from the middle inflates what
 * lies before; entries up to `ENTRY_KEEP_BYTES` are kept for a while, so that readers may come back. Size and CRC are checked
 * whenever the end is reached. It cannot be cloned to another thread: open archives where they are read.
 */
export class InflatedBlob implements Blob {
  readonly type = "";
  readonly #entry: DeflatedEntry;
  readonly #start: number;
  readonly #end: number;

  constructor(entry: DeflatedEntry, start = 0, end = entry.size) {
    this.#entry = entry;
    this.#start = start;
    this.#end = end;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  get afar(): Afar | undefined {
    return this.#entry.afar;
  }

  slice(start = 0, end = this.size): Blob {
    const at = (position: number): number =>
      this.#start + (position < 0 ? Math.max(0, this.size + position) : Math.min(position, this.size));
    return new InflatedBlob(this.#entry, at(start), Math.max(at(start), at(end)));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const known = await this.#known();
    if (known) return known.buffer;
    const out = new Uint8Array(this.size);
    let at = 0;
    for await (const chunk of this.#chunks()) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out.buffer;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const chunks = this.#chunks();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    });
  }

  /** The bytes of a small entry, or of the start of a large one; undefined for others. */
  async #known(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { afar, large, size } = this.#entry;
    const look = (afar || large) && this.#end <= HEAD_BYTES && this.#end < size && !kept.has(this.#entry);
    const bytes = look ? await head(this.#entry, this.#end) : undefined;
    if (bytes && this.#start === 0) return bytes;
    if (!bytes && size > ENTRY_KEEP_BYTES) return undefined;
    return (bytes ?? (await whole(this.#entry))).slice(this.#start, this.#end);
  }

  /** The bytes from start to end; chunks are the receiver's own. */
  async *#chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const known = await this.#known();
    if (known) return void (yield known);
    let position = 0;
    if (this.size === 0) return;
    for await (const chunk of inflateEntry(await this.#entry.compressed(), this.#entry)) {
      const from = Math.max(0, this.#start - position);
      const to = Math.min(chunk.length, this.#end - position);
      if (from < to) yield new Uint8Array(chunk.subarray(from, to));
      position += chunk.length;
      // A read up to the end goes on until the checksum was seen.
      if (position >= this.#end && this.#end < this.#entry.size) return;
    }
  }
}

/** The first bytes; undefined where they cannot be had by themselves. Their checksum is not known. */
async function head(entry: DeflatedEntry, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const blob = await entry.compressed();
  for (const more of DEFLATE_MORE_BYTES) {
    const packed = new Uint8Array(await blob.slice(0, length + more).arrayBuffer());
    const bytes = new Uint8Array(length);
    let filled = 0;
    const inflate = new Inflate((chunk) => {
      const part = chunk.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
    });
    try {
      // Little by little, as it may hold a thousand times as much; never named the last, as it is cut off.
      for (let at = 0; at < packed.length && filled < length; at += PUSHED_BYTES)
        inflate.push(packed.subarray(at, at + PUSHED_BYTES), false);
    } catch {
      return undefined;
    }
    if (filled === length) return bytes;
  }
  return undefined;
}

async function whole(entry: DeflatedEntry): Promise<Uint8Array<ArrayBuffer>> {
  const known = kept.get(entry);
  if (known) {
    kept.delete(entry);
    kept.set(entry, known);
    return known;
  }
  const blob = await entry.compressed();
  // From afar it comes at once.
  const packed = entry.afar ? new Blob([await blob.arrayBuffer()]) : blob;
  const bytes = await inflateWhole(packed, entry);
  if (!kept.has(entry)) {
    kept.set(entry, bytes);
    keptBytes += bytes.length;
  }
  for (const [oldest, held] of kept) {
    if (keptBytes <= ENTRY_KEEP_TOTAL_BYTES) break;
    kept.delete(oldest);
    keptBytes -= held.length;
  }
  return bytes;
}
