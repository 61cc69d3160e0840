import { VoxelwrightError } from "#base";

/** Browsers refuse to read more of a file into one array. */
const MOST_BYTES = 2 ** 31 - 1;

/** The bytes of an exported file. Throws `limit` where they do not fit one array; the file is untouched. */
export async function bytesOfFile(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > MOST_BYTES) {
    const gigabytes = (file.size / 1e9).toFixed(1);
    throw new VoxelwrightError("limit", `The file has ${gigabytes} GB, more than fit one array.`, {
      advice: 'Ask for it with "as": "file".',
    });
  }
  return new Uint8Array(await file.arrayBuffer());
}
