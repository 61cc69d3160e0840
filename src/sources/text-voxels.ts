import { bytesPerVoxel, isVoxelType, VOXEL_RANGE, createVoxels } from "#volume";
import { sourceError, unsupportedError } from "./source-errors.ts";
import type { SourceType } from "./voxel-conversion.ts";

/** Encodings that spell voxels out: numbers separated by blanks, or two hexadecimal digits a byte. */
export type TextEncoding = "ascii" | "hex";

/** Voxel bytes, little endian, from text. Throws `source` for what is no number, or does not fit the type. */
export async function* numbersFromText(
  chunks: AsyncGenerator<Uint8Array>,
  encoding: TextEncoding,
  type: SourceType,
  subject: string,
): AsyncGenerator<Uint8Array> {
  if (encoding === "hex") yield* bytesFromHex(chunks, subject);
  else yield* valuesFromAscii(chunks, type, subject);
}

async function* valuesFromAscii(
  chunks: AsyncGenerator<Uint8Array>,
  type: SourceType,
  subject: string,
): AsyncGenerator<Uint8Array> {
  const held = type === "float64" ? "float64" : isVoxelType(type) ? type : undefined;
  if (!held)
    throw unsupportedError(
      subject,
      `Voxels of type ${type} written as text are not read.`,
      "Save the file with raw or gzip encoding.",
    );
  const [low, high] = held === "float64" || held === "float32" ? [-Infinity, Infinity] : VOXEL_RANGE[held];
  const whole = held !== "float64" && held !== "float32";
  const decoder = new TextDecoder("latin1");
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const lastBlank = Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n"), text.lastIndexOf("\t"));
    if (lastBlank < 0 && text.length > 4096)
      throw sourceError(subject, "The voxels are not numbers separated by blanks.");
    rest = text.slice(lastBlank + 1);
    yield encode(text.slice(0, lastBlank + 1));
  }
  yield encode(rest);

  function encode(text: string): Uint8Array {
    const words = text.split(/[\s,]+/).filter((word) => word !== "");
    const out = held === "float64" ? new Float64Array(words.length) : createVoxels(held!, words.length);
    for (let n = 0; n < words.length; n++) {
      const value = Number(words[n]);
      const named = /^[+-]?(nan|inf(inity)?)$/i.test(words[n]!);
      if (whole ? !Number.isInteger(value) || value < low || value > high : Number.isNaN(value) && !named) {
        throw sourceError(subject, `The voxel value “${words[n]!.slice(0, 40)}” is not a number of type ${type}.`);
      }
      out[n] = named ? namedValue(words[n]!) : value;
    }
    return new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  }
}

function namedValue(word: string): number {
  if (/nan/i.test(word)) return Number.NaN;
  return word.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

async function* bytesFromHex(chunks: AsyncGenerator<Uint8Array>, subject: string): AsyncGenerator<Uint8Array> {
  let high = -1;
  for await (const chunk of chunks) {
    const out = new Uint8Array((chunk.length >> 1) + 1);
    let size = 0;
    for (let n = 0; n < chunk.length; n++) {
      const digit = hexDigit(chunk[n]!);
      if (digit === -1) continue;
      if (digit === -2) throw sourceError(subject, "The voxels are not hexadecimal digits.");
      if (high < 0) high = digit;
      else {
        out[size++] = high * 16 + digit;
        high = -1;
      }
    }
    yield out.subarray(0, size);
  }
}

/** 0–15; −1 for a blank, −2 for anything else. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  if (letter >= 97 && letter <= 102) return letter - 87;
  return code <= 32 ? -1 : -2;
}

/** The fewest bytes of text that `count` voxels of this encoding can take. */
export function leastTextBytes(encoding: TextEncoding, count: number, type: SourceType): number {
  return encoding === "hex" ? count * 2 * (isVoxelType(type) ? bytesPerVoxel(type) : 8) : count * 2 - 1;
}
