/**
 * Siemens' private image header "CSA" (group 0029): named elements in a binary list. Its layout is not in the standard; it is
 * the one that nibabel documents as "Siemens CSA headers" (CSA1 and CSA2).
 */
export function parseCsa(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number): string => {
    let value = "";
    for (let n = at; n < Math.min(at + length, bytes.length) && bytes[n] !== 0; n++)
      value += String.fromCharCode(bytes[n]!);
    return value;
  };
  let at = text(0, 4) === "SV10" ? 8 : 0;
  if (at + 8 > bytes.length) return found;
  const second = at === 8;
  const count = view.getUint32(at, true);
  const base = view.getUint32(8, true);
  at += 8;
  for (let element = 0; element < Math.min(count, 1024) && at + 84 <= bytes.length; element++) {
    const name = text(at, 64);
    const items = view.getInt32(at + 76, true);
    at += 84;
    const values: string[] = [];
    for (let item = 0; item < items && item < 4096; item++) {
      if (at + 16 > bytes.length) return found;
      // CSA1 counts lengths from the first one of the list; CSA2 states them as they are.
      const length = second ? view.getInt32(at + 4, true) : view.getInt32(at, true) - base;
      at += 16;
      if (length < 0 || at + length > bytes.length) return found;
      const value = text(at, length).trim();
      if (value !== "") values.push(value);
      at += Math.ceil(length / 4) * 4;
    }
    if (name !== "") found.set(name, values);
  }
  return found;
}
