import type { ByteChunks } from "./export-file.ts";

/**
 * Gzips a stream of bytes (RFC 1952) by the platform's CompressionStream. Reads `chunks` only as fast as the result is taken; a
 * failure of `chunks` is the failure of the result, and leaving the result early ends `chunks`.
 */
export async function* gzip(chunks: ByteChunks): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const stream = new CompressionStream("gzip");
  const reader = stream.readable.getReader();
  const pump = pumpInto(stream.writable.getWriter(), chunks);
  pump.catch(() => undefined);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield part.value as Uint8Array<ArrayBuffer>;
    }
    await pump;
  } catch (error) {
    // The reader only sees that the stream broke; the pump knows why.
    await pump;
    throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function pumpInto(writer: WritableStreamDefaultWriter<BufferSource>, chunks: ByteChunks): Promise<void> {
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}
