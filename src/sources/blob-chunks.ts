import { InflatedBlob } from "./inflated-blob.ts";
import { CHUNK_BYTES } from "./limits.ts";

/** Bytes `start` to `end` in chunks of at most `step`; each chunk is the receiver's own. */
export async function* blobChunks(
  blob: Blob,
  start: number,
  end: number,
  signal?: AbortSignal,
  step = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  if (blob instanceof InflatedBlob) {
    yield* forwardChunks(blob.slice(start, end), signal, step);
    return;
  }
  const read = (at: number): Promise<ArrayBuffer> => blob.slice(at, Math.min(at + step, end)).arrayBuffer();
  // The next chunk is read while the receiver works on this one.
  let next = start < end ? read(start) : undefined;
  for (let at = start; next; at += step) {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await next);
    next = at + step < end ? read(at + step) : undefined;
    next?.catch(() => undefined);
    yield bytes;
  }
}

/** Archive entries are read front to back: each read by position would inflate again from their start. */
async function* forwardChunks(blob: Blob, signal: AbortSignal | undefined, step: number): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      for (let at = 0; at < value.length; at += step) yield value.subarray(at, at + step);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
