import { crcOver, crcTables } from "#base";

/** Of the polynomial of Castagnoli. */
const TABLES = crcTables(0x82f63b78);
/** Bytes that the checksum takes. */
const CHECKSUM_BYTES = 4;

/** CRC-32C (RFC 3720, appendix B.4) of `bytes`; unsigned 32 bits. */
export function crc32c(bytes: Uint8Array): number {
  return crcOver(TABLES, bytes, 0);
}

/** The codec “crc32c” 1.0 of Zarr 3: four bytes behind the data, the lowest first. Data that they do not fit are an error. */
export class Crc32cCodec {
  readonly kind = "bytes_to_bytes";

  static fromConfig(): Crc32cCodec {
    return new Crc32cCodec();
  }

  async decode(bytes: Uint8Array): Promise<Uint8Array> {
    const length = bytes.length - CHECKSUM_BYTES;
    if (length < 0) throw new Error("there is no checksum");
    const data = bytes.subarray(0, length);
    if (new DataView(bytes.buffer, bytes.byteOffset + length).getUint32(0, true) !== crc32c(data))
      throw new Error("the checksum is another one");
    return data;
  }

  /** Bytes of `size` bytes with their checksum: by this the index of a shard is found. */
  computeEncodedSize(size: number): number {
    return size + CHECKSUM_BYTES;
  }
}
