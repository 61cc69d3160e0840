import type { DeflateFormat } from "./read.api.ts";

/** Chunks of the platform's own decoder; `deflate` is the zlib format (RFC 1950). Errors are the platform's. */
export async function* inflateStream(
  blob: Blob,
  format: DeflateFormat,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
