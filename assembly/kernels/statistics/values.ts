/* Stored values as keys that order alike. Voxel types are numbered as in src/workers/kernel-core.ts. */

/** Key of a 32-bit value; NaN must be left out before. */
export function wideKey(type: i32, bits: u32): u32 {
  if (type == 4) return bits;
  if (type == 5) return bits ^ 0x80000000;
  // Floats: negative ones in reverse, below the others (IEEE 754 orders magnitudes as integers).
  return bits & 0x80000000 ? ~bits : bits | 0x80000000;
}

/** Whether 32 bits are no number. */
export function isNotANumber(type: i32, bits: u32): bool {
  return type == 6 && (bits & 0x7fffffff) > 0x7f800000;
}

/** The value itself. */
export function wideValue(type: i32, bits: u32): f64 {
  if (type == 4) return <f64>bits;
  if (type == 5) return <f64>(<i32>bits);
  return <f64>reinterpret<f32>(bits);
}
