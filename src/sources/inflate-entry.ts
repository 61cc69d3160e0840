import { crc32 } from "#base";
import { inflateStream } from "./inflate-stream.ts";
import { asSourceError, sourceError } from "./source-errors.ts";

/** What an archive says of a deflated entry. */
export interface EntryFacts {
  readonly name: string;
  /** Bytes of it, inflated. */
  readonly size: number;
  readonly crc: number;
}

/** A whole entry, of its packed bytes; stops by `source` as soon as it gives more than declared, or less, or other bytes than its CRC says. */
export async function* inflateEntry(packed: Blob, { name, size, crc }: EntryFacts): AsyncGenerator<Uint8Array> {
  let found = 0;
  let length = 0;
  const damaged = (what: string): Error =>
    sourceError(name, `The archive is damaged here: ${what}.`, "Get a fresh copy of the archive.");
  try {
    for await (const chunk of inflateStream(packed, "deflate-raw")) {
      length += chunk.length;
      if (length > size) throw damaged("the file is larger than the archive says");
      found = crc32(chunk, found);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TypeError || (error as { code?: string }).code?.startsWith("Z_"))
      throw damaged("its data cannot be inflated");
    throw asSourceError(name, error);
  }
  if (length < size) throw damaged("the file is shorter than the archive says");
  if (found !== crc) throw damaged("its checksum is wrong");
}

/** The same in one piece. */
export async function inflateWhole(packed: Blob, entry: EntryFacts): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(entry.size);
  let at = 0;
  for await (const chunk of inflateEntry(packed, entry)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
