import { Inflate } from "fflate";
import { crc32 } from "#base";
import { inflateStream } from "./inflate-stream.ts";
import { ENTRY_KEEP_BYTES, ENTRY_KEEP_TOTAL_BYTES } from "./limits.ts";
import type { Afar } from "./range-blob.ts";
import { asSourceError, sourceError } from "./source-errors.ts";

/** A deflated stretch of an archive. */
export interface DeflatedEntry {
  readonly name: string;
  /** The compressed bytes. */
  readonly compressed: () => Promise<Blob>;
  readonly size: number;
  readonly crc: number;
  /** Where the archive is read from. */
  readonly afar: Afar | undefined;
  /** Whether the archive has more than is kept of it, so that a look at the start of an entry inflates no more than that. */
  readonly large: boolean;
}

/** Readers look at the heads of many files before they read one of them whole. */
const HEAD_BYTES = 64 * 1024;

/** Packed bytes beyond as many as are wanted of what they hold: for what does not shrink, and for a stored block, which is given whole (RFC 1951, 3.2.4). */
const DEFLATE_MORE_BYTES: readonly number[] = [512, 512 + 2 ** 16];

/** Small entries that were inflated whole, least recently used first. */
const kept = new Map<DeflatedEntry, Uint8Array<ArrayBuffer>>();
let keptBytes = 0;

/**
 * A Blob whose bytes are inflated when they are read, never all at once unless small. Reading from the middle inflates what
 * lies before; entries up to `ENTRY_KEEP_BYTES` are kept for a while, so that readers may come back. Size and CRC are checked
 * whenever the end is reached. It cannot be cloned to another thread: open archives where they are read.
 */
export class InflatedBlob extends Blob {
  readonly #entry: DeflatedEntry;
  readonly #start: number;
  readonly #end: number;

  constructor(entry: DeflatedEntry, start = 0, end = entry.size) {
    super([]);
    this.#entry = entry;
    this.#start = start;
    this.#end = end;
  }

  override get size(): number {
    return this.#end - this.#start;
  }

  get afar(): Afar | undefined {
    return this.#entry.afar;
  }

  override slice(start = 0, end = this.size): Blob {
    const at = (position: number): number =>
      this.#start + (position < 0 ? Math.max(0, this.size + position) : Math.min(position, this.size));
    return new InflatedBlob(this.#entry, at(start), Math.max(at(start), at(end)));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const out = new Uint8Array(this.size);
    let at = 0;
    for await (const chunk of this.#chunks()) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out.buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
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

  /** The bytes from start to end; chunks are the receiver's own. */
  async *#chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { afar, large, size } = this.#entry;
    const look = (afar || large) && this.#end <= HEAD_BYTES && this.#end < size && !kept.has(this.#entry);
    const start = look ? await head(this.#entry, this.#end) : undefined;
    if (start || size <= ENTRY_KEEP_BYTES) {
      yield (start ?? (await whole(this.#entry))).slice(this.#start, this.#end);
      return;
    }
    let position = 0;
    if (this.size === 0) return;
    for await (const chunk of inflate(this.#entry)) {
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
      // Never named the last: it is cut off.
      inflate.push(packed, false);
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
  const bytes = new Uint8Array(entry.size);
  let at = 0;
  for await (const chunk of inflate(entry)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
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

/** From afar a small entry comes at once. */
async function compressed({ compressed, size, afar }: DeflatedEntry): Promise<Blob> {
  const blob = await compressed();
  return afar && size <= ENTRY_KEEP_BYTES ? new Blob([await blob.arrayBuffer()]) : blob;
}

/** The whole entry; stops by `source` as soon as it gives more than declared, or less, or other bytes than its CRC says. */
async function* inflate(entry: DeflatedEntry): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let length = 0;
  const damaged = (what: string): Error =>
    sourceError(entry.name, `The archive is damaged here: ${what}.`, "Get a fresh copy of the archive.");
  try {
    for await (const chunk of inflateStream(await compressed(entry), "deflate-raw")) {
      length += chunk.length;
      if (length > entry.size) throw damaged("the file is larger than the archive says");
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TypeError || (error as { code?: string }).code?.startsWith("Z_"))
      throw damaged("its data cannot be inflated");
    throw asSourceError(entry.name, error);
  }
  if (length < entry.size) throw damaged("the file is shorter than the archive says");
  if (crc !== entry.crc) throw damaged("its checksum is wrong");
}
