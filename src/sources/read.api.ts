import type { AbortOptions } from "#base";

/** Formats of `DecompressionStream`; `deflate` is the zlib format (RFC 1950). */
export type DeflateFormat = "gzip" | "deflate" | "deflate-raw";

export interface ReadOptions extends AbortOptions {
  /** Takes bytes, in order, and gives their memory back, to be used again. */
  onBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads, and inflates, for another thread. */
export interface ReadWorkerApi {
  /** Bytes come in pieces of `step`. Ends with undefined, or with the platform's failure behind the bytes that were good. */
  read(
    blob: Blob,
    format: DeflateFormat | "raw",
    step: number,
    options: ReadOptions,
  ): Promise<{ readonly name: string; readonly message: string } | undefined>;
}
