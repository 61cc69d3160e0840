import { openAsBlob } from "node:fs";
import { open, stat } from "node:fs/promises";
import { RangeBlob } from "#sources";

/** Sizes of Node's own blobs wrap around here. */
const OWN_BLOBS_END = 2 ** 32;

/** The bytes of a file, read when they are asked for. A file of 4 GiB and more stays open until the program ends. */
export async function fileBlob(path: string): Promise<Blob> {
  const { size } = await stat(path);
  if (size < OWN_BLOBS_END) return openAsBlob(path);
  const file = await open(path);
  return new RangeBlob(async (start, end) => {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }, size);
}
