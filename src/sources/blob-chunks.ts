import { CHUNK_BYTES } from "./limits.ts";

/** Memory for bytes. */
type Room = Uint8Array<ArrayBuffer>;

/** Reads on until `room` is full, or to the end: what is filled of it, from its start, perhaps in another array than was given. */
interface Filler {
  fill(room: Room): Promise<Room>;
  cancel(): Promise<void>;
}

/**
 * Fillers at work. Chromium 156 takes a byte stream for garbage, and what was asked of it never comes, where nothing but who waits for it
 * refers to it.
 */
const atWork = new Set<Filler>();

/**
 * Bytes `start` to `end` in chunks of `step`, the last one of what is left. Read as one stream: what is read piece by piece comes at a
 * third of its speed in browsers, and archive entries would be inflated again from their start for every piece. A chunk is the receiver's
 * until it asks for the next, which lies in the same memory, or in that which `next` is given, of `step` bytes.
 */
export async function* blobChunks(
  blob: Blob,
  start: number,
  end: number,
  signal?: AbortSignal,
  step = CHUNK_BYTES,
): AsyncGenerator<Room, void, Room | undefined> {
  if (end <= start) return;
  signal?.throwIfAborted();
  const filler = fillerOf(blob.slice(start, end).stream());
  const stop = (): void => void filler.cancel().catch(() => undefined);
  signal?.addEventListener("abort", stop);
  atWork.add(filler);
  try {
    let room: Room = new Uint8Array(Math.min(step, end - start));
    for (;;) {
      const chunk = await filler.fill(room);
      signal?.throwIfAborted();
      if (chunk.length === 0) return;
      room = (yield chunk) ?? new Uint8Array(chunk.buffer);
    }
  } finally {
    atWork.delete(filler);
    signal?.removeEventListener("abort", stop);
    await filler.cancel().catch(() => undefined);
  }
}

/** A platform without byte streams, or a blob of our own, gives chunks as it likes. */
function fillerOf(stream: ReadableStream<Uint8Array>): Filler {
  try {
    return new ByteStreamFiller(stream.getReader({ mode: "byob" }));
  } catch (error) {
    if (error instanceof TypeError) return new CopyFiller(stream.getReader());
    throw error;
  }
}

class ByteStreamFiller implements Filler {
  readonly #reader: ReadableStreamBYOBReader;

  constructor(reader: ReadableStreamBYOBReader) {
    this.#reader = reader;
  }

  async fill(room: Room): Promise<Room> {
    const { length } = room;
    let { buffer } = room;
    let filled = 0;
    while (filled < length) {
      // The stream takes the memory over and gives it back.
      const { done, value } = await this.#reader.read(new Uint8Array(buffer, filled, length - filled));
      // Of a stream that was cancelled it does not come back.
      if (!value) return new Uint8Array(0);
      ({ buffer } = value);
      filled += value.length;
      if (done) break;
    }
    return new Uint8Array(buffer, 0, filled);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

class CopyFiller implements Filler {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async fill(room: Room): Promise<Room> {
    let filled = 0;
    while (filled < room.length) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, room.length - filled);
      room.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return room.subarray(0, filled);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
