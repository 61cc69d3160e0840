import { crc32 } from "#base";
import { Gunzip } from "fflate";
import { blobChunks } from "./blob-chunks.ts";
import { inflateElsewhere } from "./read-elsewhere.ts";
import { GZIP_SCAN_BYTES, GZIP_STEP_BYTES, SURPLUS_MAX_BYTES } from "./limits.ts";
import { sourceError } from "./source-errors.ts";

/**
 * Gzip (RFC 1952) as found in the wild: several members, padding or junk after the last one, cut streams, wrong checksums.
 *
 * `DecompressionStream` is the fast path, but it differs by platform: browsers refuse several members and anything after the
 * end, and every platform drops what it had queued when it fails. So a failure there is not the last word: `gunzip` starts
 * again with a decoder that reads members one by one and checks each CRC itself, and skips what was already handed out.
 */

/** What a whole gzip file turned out to hold. */
export interface GzipSurvey {
  readonly inflatedBytes: number;
  readonly members: number;
  /** Bytes after the last member that are no gzip. */
  readonly trailingBytes: number;
}

/** True for the two magic bytes and the only method there is. */
export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * Size of the inflated data modulo 2³² as the last four bytes state it (RFC 1952, ISIZE): right for a single member with
 * nothing after it, anything otherwise.
 */
export async function gzipStatedSize(blob: Blob): Promise<number> {
  if (blob.size < 18) return -1;
  const tail = await blob.slice(blob.size - 4).arrayBuffer();
  return new DataView(tail).getUint32(0, true);
}

/**
 * Up to `length` bytes from the start of the inflated data; fewer when the stream ends or breaks before. Never throws for
 * damaged data.
 */
export async function gunzipHead(blob: Blob, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  const decoder = new Gunzip((chunk) => {
    parts.push(chunk);
    have += chunk.length;
  });
  try {
    // Reading on in small steps: a deflate block may need a few kilobytes before it gives its first byte.
    for (let at = 0; at < blob.size && have < length; at += 4096) {
      decoder.push(new Uint8Array(await blob.slice(at, at + 4096).arrayBuffer()), at + 4096 >= blob.size);
    }
  } catch {
    // What was inflated before the damage is the head.
  }
  const head = new Uint8Array(Math.min(have, length));
  let at = 0;
  for (const part of parts) {
    if (at >= head.length) break;
    head.set(part.subarray(0, head.length - at), at);
    at += part.length;
  }
  return head;
}

/**
 * Inflates to the end and checks every member; stops past `GZIP_SCAN_BYTES`, where the counts are lower bounds. Throws `source` when the stream is cut or damaged.
 */
export async function surveyGzip(blob: Blob, subject: string, signal?: AbortSignal): Promise<GzipSurvey> {
  const members = new MemberDecoder(blob, subject);
  let inflatedBytes = 0;
  for await (const chunk of members.chunks(signal)) {
    inflatedBytes += chunk.length;
    if (inflatedBytes > GZIP_SCAN_BYTES + SURPLUS_MAX_BYTES) break;
  }
  return { inflatedBytes, members: members.members, trailingBytes: members.trailingBytes };
}

/** The inflated data in chunks, each the receiver's until it asks for the next. Throws `source`, after the good data, when the stream is cut or its checksum is wrong. */
export async function* gunzip(blob: Blob, subject: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let handedOut = 0;
  try {
    for await (const chunk of inflateElsewhere(blob, "gzip", signal)) {
      handedOut += chunk.length;
      yield chunk;
    }
    return;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DOMException && (error.name === "NotReadableError" || error.name === "NotFoundError"))
      throw error;
  }
  let skip = handedOut;
  for await (const chunk of new MemberDecoder(blob, subject).chunks(signal)) {
    if (skip >= chunk.length) {
      skip -= chunk.length;
      continue;
    }
    yield skip > 0 ? chunk.subarray(skip) : chunk;
    skip = 0;
  }
}

/** Reads member after member, checking CRC and size of each against its trailer. */
class MemberDecoder {
  readonly #blob: Blob;
  readonly #subject: string;
  members = 1;
  trailingBytes = 0;

  constructor(blob: Blob, subject: string) {
    this.#blob = blob;
    this.#subject = subject;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const size = this.#blob.size;
    const ended: { end: number; crc: number; length: number }[] = [];
    let ready: Uint8Array[] = [];
    let crc = 0;
    let length = 0;
    const decoder = new Gunzip((chunk) => {
      if (chunk.length === 0) return;
      ready.push(chunk);
      crc = crc32(chunk, crc);
      length += chunk.length;
    });
    let memberStart = 0;
    decoder.onmember = (start) => {
      ended.push({ end: start, crc, length });
      crc = 0;
      length = 0;
      memberStart = start;
      this.members++;
    };
    let at = 0;
    for await (const bytes of blobChunks(this.#blob, 0, size, signal, GZIP_STEP_BYTES)) {
      let failure: unknown;
      try {
        // The decoder keeps what it has not used yet.
        decoder.push(bytes.slice(), at + bytes.length === size);
      } catch (error) {
        failure = error;
      }
      const done = ready;
      ready = [];
      yield* done;
      for (const member of ended.splice(0)) await this.#checkTrailer(member.end, member.crc, member.length);
      if (failure !== undefined) {
        if (memberStart > 0 && length === 0) this.#dropLastMember(memberStart);
        else if (!(await this.#onlyJunkFollows(at, crc, length))) throw this.#damaged(failure);
        return;
      }
      at += bytes.length;
    }
    const onlyJunk = memberStart > 0 && length === 0 && !(await this.#isEmptyMember(size));
    if (onlyJunk) this.#dropLastMember(memberStart);
    else if (!(await this.#onlyJunkFollows(size - GZIP_STEP_BYTES, crc, length)))
      await this.#checkTrailer(size, crc, length);
  }

  /** What looked like one more member gave nothing: junk that happens to begin as gzip does. */
  #dropLastMember(start: number): void {
    this.members--;
    this.trailingBytes = this.#blob.size - start;
  }

  async #isEmptyMember(end: number): Promise<boolean> {
    const trailer = new Uint8Array(await this.#blob.slice(end - 8, end).arrayBuffer());
    return trailer.every((byte) => byte === 0);
  }

  async #checkTrailer(end: number, crc: number, length: number): Promise<void> {
    const view = new DataView(await this.#blob.slice(Math.max(0, end - 8), end).arrayBuffer());
    if (view.byteLength < 8) throw this.#cut();
    if (view.getUint32(4, true) !== length % 2 ** 32) throw this.#cut();
    if (view.getUint32(0, true) !== crc) {
      throw sourceError(
        this.#subject,
        "The gzip checksum is wrong: the file was damaged after it was compressed.",
        "Get a fresh copy of it.",
      );
    }
  }

  /**
   * True when the trailer of the member just read lies in the stretch after `from`: the member is whole, and whatever follows
   * is no gzip.
   */
  async #onlyJunkFollows(from: number, crc: number, length: number): Promise<boolean> {
    if (length === 0) return false;
    // The trailer may begin in the chunk before.
    const start = Math.max(0, from - 16);
    const bytes = new Uint8Array(await this.#blob.slice(start, start + GZIP_STEP_BYTES + 16).arrayBuffer());
    const trailer = new Uint8Array(8);
    new DataView(trailer.buffer).setUint32(0, crc, true);
    new DataView(trailer.buffer).setUint32(4, length % 2 ** 32, true);
    const at = findLast(bytes, trailer);
    if (at < 0) return false;
    this.trailingBytes = this.#blob.size - (start + at + 8);
    return true;
  }

  #damaged(failure: unknown): Error {
    if (failure instanceof Error && failure.message.includes("EOF")) return this.#cut();
    return sourceError(
      this.#subject,
      "The gzip data is damaged: it inflates to nonsense, or its checksum is wrong.",
      "Get a fresh copy of it.",
      failure,
    );
  }

  #cut(): Error {
    return sourceError(
      this.#subject,
      "The gzip data ends early: the file was cut off.",
      "Copy or download it again, and compare its size.",
    );
  }
}

/** Position of the last occurrence, −1 when there is none. */
function findLast(bytes: Uint8Array, pattern: Uint8Array): number {
  for (let at = bytes.lastIndexOf(pattern[0]!); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(pattern[0]!, at - 1)) {
    if (pattern.every((value, n) => bytes[at + n] === value)) return at;
  }
  return -1;
}
