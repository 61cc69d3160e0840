import type { AbortOptions } from "#base";

/** Formats of `DecompressionStream`; `deflate` is the zlib format (RFC 1950). */
export type DeflateFormat = "gzip" | "deflate" | "deflate-raw";

export interface InflateOptions extends AbortOptions {
  /** Takes inflated bytes, in order, and gives their memory back, to be used again. */
  onBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Inflates for another thread. */
export interface InflateWorkerApi {
  /** Ends with undefined, or with the platform's failure behind the bytes that were good. */
  inflate(
    blob: Blob,
    format: DeflateFormat,
    options: InflateOptions,
  ): Promise<{ readonly name: string; readonly message: string } | undefined>;
}
