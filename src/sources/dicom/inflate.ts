import { VoxelwrightError } from "#base";

/** Most that a deflated data set may unpack to. */
const MAX_INFLATED_BYTES = 1 << 29;

/**
 * Unpacks a raw deflate stream (PS3.5 annex A.5), as far as it goes: `complete` is false when it ends early or is damaged.
 * Throws `limit` beyond 512 MiB.
 */
export async function inflateRaw(blob: Blob): Promise<{ bytes: Uint8Array; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let complete = true;
  const reader = blob.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
      if (size > MAX_INFLATED_BYTES) {
        throw new VoxelwrightError("limit", "The deflated file unpacks to more than 512 MiB.", {
          advice: "Convert it to an uncompressed DICOM file.",
        });
      }
    }
  } catch (error) {
    if (error instanceof VoxelwrightError) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    complete = false;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, complete };
}
