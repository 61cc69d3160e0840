import { crcOver, crcTables } from "./slice-by-eight.ts";

const TABLES = crcTables(0xedb88320);

/** CRC-32 of gzip and zip (RFC 1952 § 8): continues `crc` (0 to begin with) over `bytes`; unsigned 32 bits. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  return crcOver(TABLES, bytes, crc);
}
