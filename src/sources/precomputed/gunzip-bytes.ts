import { inflateStream } from "../inflate-stream.ts";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";

/** Inflates a small gzip file; throws a plain error where it is damaged or gives more than `most` bytes. */
export async function gunzipBytes(bytes: Uint8Array, most = ZARR_CHUNK_MAX_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of inflateStream(new Blob([bytes as Uint8Array<ArrayBuffer>]), "gzip")) {
    length += part.length;
    if (length > most) throw new Error(`more than ${most} bytes are packed in it`);
    parts.push(part as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
