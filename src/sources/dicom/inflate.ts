import { Inflate } from "fflate";
import { VoxelwrightError } from "#base";

/** Most that a deflated data set may unpack to. */
const MAX_INFLATED_BYTES = 1 << 29;
const CHUNK_BYTES = 1 << 18;

/**
 * Unpacks a raw deflate stream (PS3.5 annex A.5) as far as it goes: one that ends early or is damaged gives what came before.
 * The padding byte that DICOM allows after the stream, on which browsers' `DecompressionStream` gives up, is passed over.
 * Throws `limit` beyond 512 MiB.
 */
export async function inflateRaw(blob: Blob): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    chunks.push(chunk);
    size += chunk.length;
  });
  for (let at = 0; at < blob.size && size <= MAX_INFLATED_BYTES; at += CHUNK_BYTES) {
    const packed = new Uint8Array(await blob.slice(at, at + CHUNK_BYTES).arrayBuffer());
    try {
      // Never named the last: a stream that ends early then still gives what it held.
      inflate.push(packed, false);
    } catch {
      break;
    }
  }
  if (size > MAX_INFLATED_BYTES) {
    throw new VoxelwrightError("limit", "The deflated file unpacks to more than 512 MiB.", {
      advice: "Convert it to an uncompressed DICOM file.",
    });
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
