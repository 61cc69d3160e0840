/** Tables of a checksum of 32 bits, for eight bytes a step (Kounavis and Berry, 2005): table n carries a byte over the n bytes behind it. */
export type CrcTables = readonly [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/** Tables for a polynomial whose lowest bit comes first. */
export function crcTables(polynomial: number): CrcTables {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (const table of tables) {
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1;
      table[n] = value;
    }
  }
  return tables as unknown as CrcTables;
}

/** Continues a checksum (0 to begin with) over `bytes`; unsigned 32 bits. */
export function crcOver([t0, t1, t2, t3, t4, t5, t6, t7]: CrcTables, bytes: Uint8Array, crc: number): number {
  let value = ~crc;
  const whole = bytes.length - (bytes.length % 8);
  let n = 0;
  for (; n < whole; n += 8) {
    const low = value ^ (bytes[n]! | (bytes[n + 1]! << 8) | (bytes[n + 2]! << 16) | (bytes[n + 3]! << 24));
    value =
      t7[low & 255]! ^
      t6[(low >>> 8) & 255]! ^
      t5[(low >>> 16) & 255]! ^
      t4[low >>> 24]! ^
      t3[bytes[n + 4]!]! ^
      t2[bytes[n + 5]!]! ^
      t1[bytes[n + 6]!]! ^
      t0[bytes[n + 7]!]!;
  }
  for (; n < bytes.length; n++) value = t0[(value ^ bytes[n]!) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}
