/** Compares bytes; much faster on bricks than a deep comparison by value. */
export function isSame(a: Uint8Array | Uint16Array, b: Uint8Array | Uint16Array): boolean {
  const bytes = (array: Uint8Array | Uint16Array): Buffer =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return bytes(a).equals(bytes(b));
}
