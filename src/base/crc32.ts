/** CRC-32 of gzip and zip (RFC 1952 § 8), eight bytes a step. */

const TABLES = buildTables();

function buildTables(): readonly Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    tables[0]![n] = value;
  }
  for (let n = 0; n < 256; n++) {
    for (let t = 1; t < 8; t++) {
      const previous = tables[t - 1]![n]!;
      tables[t]![n] = nextEntry(tables[0]!, previous);
    }
  }
  return tables;
}

function nextEntry(table: Uint32Array, value: number): number {
  return (table[value & 255]! ^ (value >>> 8)) >>> 0;
}

/** Continues `crc` (0 to begin with) over `bytes`; unsigned 32 bits. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
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
