import { VoxelwrightError } from "#base";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const PAD = 61;
const NOT_A_LETTER = 255;

const VALUES = new Uint8Array(256).fill(NOT_A_LETTER);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});

/** Base64 (RFC 4648 §4) with padding. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let from = 0; from < bytes.length; from += 3) {
    const triple = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    text[to++] = CODES[triple >> 18]!;
    text[to++] = CODES[(triple >> 12) & 63]!;
    text[to++] = CODES[(triple >> 6) & 63]!;
    text[to++] = CODES[triple & 63]!;
  }
  const missing = text.length === 0 ? 0 : (3 - (bytes.length % 3)) % 3;
  text.fill(PAD, text.length - missing);
  return new TextDecoder().decode(text);
}

/** The inverse of `toBase64`. Each byte string has one spelling; any other text throws `integrity`. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw spelling();
  const missing = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - missing);
  let to = 0;
  for (let from = 0; from < text.length; from += 4) {
    const letters = from + 4 === text.length ? 4 - missing : 4;
    let group = 0;
    for (let n = 0; n < 4; n++) {
      const code = text.charCodeAt(from + n);
      const value = n < letters ? (code < 256 ? VALUES[code]! : NOT_A_LETTER) : 0;
      if (value === NOT_A_LETTER) throw spelling();
      group = (group << 6) | value;
    }
    const left = letters - 1;
    if (left < 3 && (group & ((1 << (24 - left * 8)) - 1)) !== 0) throw spelling();
    bytes[to++] = group >> 16;
    if (left > 1) bytes[to++] = (group >> 8) & 255;
    if (left > 2) bytes[to++] = group & 255;
  }
  return bytes;
}

function spelling(): VoxelwrightError {
  return new VoxelwrightError("integrity", "A byte string is not spelled in base64 as it must be.");
}
