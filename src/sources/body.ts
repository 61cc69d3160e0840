import { formatBytes, sourceError, asSourceError } from "./source-errors.ts";
import { blobChunks } from "./blob-chunks.ts";
import { gunzip } from "./gzip.ts";
import { inflateElsewhere, readElsewhere } from "./read-elsewhere.ts";
import { CHUNK_BYTES, STEP_MAX_BYTES, SURPLUS_MAX_BYTES } from "./limits.ts";
import { numbersFromText, type TextEncoding } from "./text-voxels.ts";
import type { SourceType } from "./voxel-conversion.ts";

/** One stretch of voxel bytes in one file. */
export interface BodyPart {
  /** File the bytes are in, for messages. */
  readonly name: string;
  readonly blob: Blob;
  /** First byte of the stretch in the file (after inflating the whole file when `gzip-file`). */
  readonly start: number;
  /** Byte after the compressed or text stretch; the end of the file when absent. */
  readonly end?: number;
  /** `gzip-file`: the whole file is gzip and `start` counts inflated bytes; the others begin at `start`. */
  readonly encoding: "raw" | "gzip-file" | "gzip" | "zlib" | TextEncoding;
  /** Type of the numbers of a text encoding. */
  readonly textType?: SourceType;
  /** Voxel bytes that this part must give. */
  readonly byteLength: number;
}

/**
 * Reads voxel bytes of several parts one after the other, never holding more than what is asked for and one chunk. Reads of
 * raw files skip by position; compressed data is inflated on the way.
 */
export class BodyReader {
  readonly #parts: readonly BodyPart[];
  readonly #straight: boolean;
  readonly #signal: AbortSignal | undefined;
  #part = 0;
  /** Voxel bytes of the current part handed out or skipped. */
  #taken = 0;
  #chunks: AsyncGenerator<Uint8Array> | undefined;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #scratch: Uint8Array = new Uint8Array(0);
  /** Raw files are read in steps of so many bytes. */
  #step = CHUNK_BYTES;

  /** `straight` says that all is read from where it begins to the end, which is worth a worker; raw files are then read ahead. */
  constructor(parts: readonly BodyPart[], straight: boolean, signal?: AbortSignal) {
    this.#parts = parts;
    this.#straight = straight;
    this.#signal = signal;
  }

  /**
   * The next `length` bytes, starting at a multiple of `alignment` in their buffer; the caller's to change until the next
   * call. Throws `source` when the data ends before.
   */
  async read(length: number, alignment: number): Promise<Uint8Array> {
    const part = this.#parts[this.#part];
    this.#step = stepFor(length);
    const ready = this.#chunk.length > this.#at;
    if (part?.encoding === "raw" && part.byteLength - this.#taken >= length && !ready) await this.#pull(part);
    const left = this.#chunk.length - this.#at;
    if (
      part &&
      left >= length &&
      part.byteLength - this.#taken >= length &&
      (this.#chunk.byteOffset + this.#at) % alignment === 0
    ) {
      const view = this.#chunk.subarray(this.#at, this.#at + length);
      this.#at += length;
      this.#taken += length;
      return view;
    }
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(length);
    const target = this.#scratch.subarray(0, length);
    await this.#take(length, target);
    return target;
  }

  /** Passes over `length` bytes. */
  async skip(length: number): Promise<void> {
    await this.#take(length, undefined);
  }

  /** Reads a compressed last part to its end, so that its checksum is seen. */
  async finish(): Promise<void> {
    const part = this.#parts[this.#part];
    if (!part || part.encoding === "raw" || !this.#chunks) return;
    let surplus = 0;
    while (surplus < SURPLUS_MAX_BYTES) {
      const { done, value } = await this.#nextChunk(part);
      if (done) return;
      surplus += value.length;
    }
  }

  /** Stops reading; safe to call more than once. */
  async close(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = undefined;
    await chunks?.return(undefined).catch(() => undefined);
  }

  async #take(length: number, target: Uint8Array | undefined): Promise<void> {
    let done = 0;
    while (done < length) {
      const part = this.#parts[this.#part];
      if (!part) throw sourceError(this.#parts.at(-1)?.name ?? "", "The voxels end early.");
      const inPart = part.byteLength - this.#taken;
      if (inPart === 0) {
        await this.#nextPart();
        continue;
      }
      const left = this.#chunk.length - this.#at;
      const want = Math.min(length - done, inPart);
      if (left === 0) {
        if (!target && part.encoding === "raw" && (want > CHUNK_BYTES || !this.#chunks)) {
          await this.close();
          this.#taken += want;
          done += want;
        } else await this.#pull(part);
        continue;
      }
      const size = Math.min(left, want);
      if (target) target.set(this.#chunk.subarray(this.#at, this.#at + size), done);
      this.#at += size;
      this.#taken += size;
      done += size;
    }
  }

  async #nextPart(): Promise<void> {
    await this.finish();
    await this.close();
    this.#chunk = new Uint8Array(0);
    this.#at = 0;
    this.#taken = 0;
    this.#part++;
  }

  async #pull(part: BodyPart): Promise<void> {
    this.#chunks ??= chunksOf(part, this.#taken, this.#straight, this.#step, this.#signal);
    const { done, value } = await this.#nextChunk(part);
    if (done) {
      throw sourceError(
        part.name,
        `The voxels end early: ${formatBytes(this.#taken)} of ${formatBytes(part.byteLength)} are there.`,
        "The file was cut off; copy or download it again.",
      );
    }
    this.#chunk = value;
    this.#at = 0;
  }

  async #nextChunk(part: BodyPart): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      return (await this.#chunks!.next()) as IteratorResult<Uint8Array, undefined>;
    } catch (error) {
      throw asSourceError(part.name, error);
    }
  }
}

/** Steps for one who asks for `length` bytes again and again: these as they come need not be copied together. */
function stepFor(length: number): number {
  if (length > STEP_MAX_BYTES) return CHUNK_BYTES;
  return length * Math.max(1, Math.floor(CHUNK_BYTES / length));
}

async function* chunksOf(
  part: BodyPart,
  taken: number,
  straight: boolean,
  step: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = part.end ?? part.blob.size;
  switch (part.encoding) {
    case "raw": {
      const read = straight ? readElsewhere : blobChunks;
      yield* read(part.blob, part.start + taken, Math.min(end, part.start + part.byteLength), signal, step);
      return;
    }
    case "gzip-file":
      yield* withoutFirst(gunzip(part.blob, part.name, signal), part.start);
      return;
    case "gzip":
      yield* gunzip(part.blob.slice(part.start, end), part.name, signal);
      return;
    case "zlib":
      yield* inflateElsewhere(part.blob.slice(part.start, end), "deflate", signal);
      return;
    default:
      yield* numbersFromText(
        blobChunks(part.blob, part.start, end, signal),
        part.encoding,
        part.textType ?? "uint8",
        part.name,
      );
  }
}

async function* withoutFirst(chunks: AsyncGenerator<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip;
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}
