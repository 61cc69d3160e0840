/** Sums up differences along each row of little-endian numbers of 1, 2 or 4 bytes, in place (TIFF 6.0, section 14). */
export function undoDifferences(bytes: Uint8Array, width: number, size: number): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (size === 1) sumRows8(bytes, width);
  else if (size === 2) sumRows16(new Uint16Array(buffer, byteOffset, byteLength / 2), width);
  else if (size === 4) sumRows32(new Uint32Array(buffer, byteOffset, byteLength / 4), width);
  else throw new Error(`numbers of ${size} bytes are not predicted`);
}

/* Apart for each array type, so that each is compiled for the one it meets. */

function sumRows8(numbers: Uint8Array, width: number): void {
  for (let row = 0; row < numbers.length; row += width)
    for (let n = row + 1, last = numbers[row]!; n < row + width; n++) numbers[n] = last = (last + numbers[n]!) & 0xff;
}

function sumRows16(numbers: Uint16Array, width: number): void {
  for (let row = 0; row < numbers.length; row += width)
    for (let n = row + 1, last = numbers[row]!; n < row + width; n++) numbers[n] = last = (last + numbers[n]!) & 0xffff;
}

function sumRows32(numbers: Uint32Array, width: number): void {
  for (let row = 0; row < numbers.length; row += width)
    for (let n = row + 1, last = numbers[row]!; n < row + width; n++) numbers[n] = last = (last + numbers[n]!) | 0;
}

/**
 * The same of floating point numbers, whose bytes lie in planes along a row, the highest first (Adobe Photoshop TIFF Technical Note 3). They
 * are little endian afterwards.
 */
export function undoFloatDifferences(bytes: Uint8Array, width: number, size: number): void {
  const rowBytes = width * size;
  const row = new Uint8Array(rowBytes);
  for (let start = 0; start < bytes.length; start += rowBytes) {
    for (let n = 0, last = 0; n < rowBytes; n++) row[n] = last = (last + bytes[start + n]!) & 0xff;
    for (let n = 0; n < width; n++)
      for (let byte = 0; byte < size; byte++) bytes[start + n * size + byte] = row[(size - 1 - byte) * width + n]!;
  }
}
