import { CHUNK_BYTES } from "./limits.ts";

/**
 * Readers at work. Chromium 156 takes a byte stream for garbage, and what was asked of it never comes, where nothing but who waits for it
 * refers to it.
 */
const atWork = new Set<unknown>();

/**
 * Bytes `start` to `end` in chunks of at most `step`, each the receiver's until it asks for the next. Read as one stream: what is read
 * piece by piece comes at a third of its speed in browsers, and archive entries would be inflated again from their start for every
 * piece. Where the platform fills given memory, all chunks but the last are of `step` bytes and lie in the same.
 */
export async function* blobChunks(
  blob: Blob,
  start: number,
  end: number,
  signal?: AbortSignal,
  step = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  if (end <= start) return;
  const stream = blob.slice(start, end).stream();
  const [reader, chunks] = readerOf(stream, Math.min(step, end - start), signal);
  atWork.add(reader);
  try {
    yield* chunks;
  } finally {
    atWork.delete(reader);
    await reader.cancel().catch(() => undefined);
  }
}

/** A platform that gives no byte stream, or a blob of our own, fills no memory. */
function readerOf(
  stream: ReadableStream<Uint8Array>,
  step: number,
  signal: AbortSignal | undefined,
): readonly [ReadableStreamGenericReader, AsyncGenerator<Uint8Array>] {
  try {
    const reader = stream.getReader({ mode: "byob" });
    return [reader, filledChunks(reader, step, signal)];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reader = stream.getReader();
    return [reader, givenChunks(reader, step, signal)];
  }
}

async function* filledChunks(
  reader: ReadableStreamBYOBReader,
  step: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let room = new Uint8Array(step);
  let filled = 0;
  for (;;) {
    signal?.throwIfAborted();
    // The stream takes the memory over and gives it back.
    const { done, value } = await reader.read(room.subarray(filled));
    if (value) room = new Uint8Array(value.buffer);
    filled += value?.length ?? 0;
    if (filled === step || (done && filled > 0)) {
      yield room.subarray(0, filled);
      filled = 0;
    }
    if (done) return;
  }
}

async function* givenChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  step: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await reader.read();
    if (done) return;
    for (let at = 0; at < value.length; at += step) yield value.subarray(at, at + step);
  }
}
