import { HEADER_MAX_BYTES } from "./limits.ts";

/** The text at the start of a file, as far as a header may go, byte for character so that positions stay bytes. */
export async function readHeaderText(blob: Blob): Promise<string> {
  const bytes = await blob.slice(0, HEADER_MAX_BYTES).arrayBuffer();
  return new TextDecoder("latin1").decode(bytes);
}

/** Latin-1 text read again as UTF-8 where it is valid UTF-8; names of people and segments are. */
export function asUtf8(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (c) => c.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1;
  }
}

/** Numbers separated by blanks; NaN for what is none. */
export function numbersOf(text: string): number[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map(Number);
}

/** Names that a pattern such as `slice%03d.raw 1 93 1` stands for; undefined when it is no such pattern. */
export function expandPattern(
  reference: string,
  maxFiles: number,
): { readonly names: readonly string[]; readonly subdim: number | undefined } | undefined {
  const match = /^(.*%0?\d*[du].*?)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+(\d+))?$/.exec(reference.trim());
  if (!match) return undefined;
  const [, pattern, from, to, step, subdim] = match;
  const [first, last, by] = [Number(from), Number(to), Number(step)];
  const count = Math.floor((last - first) / by) + 1;
  if (by === 0 || !(count >= 1) || count > maxFiles) return { names: [], subdim: undefined };
  const names = Array.from({ length: count }, (_, n) => fillPattern(pattern!, first + n * by));
  return { names, subdim: subdim === undefined ? undefined : Number(subdim) };
}

function fillPattern(pattern: string, value: number): string {
  return pattern.replace(/%(0?)(\d*)[du]/, (_, zero: string, width: string) => {
    const size = Math.min(Number(width || 0), 32);
    return String(value).padStart(size, zero ? "0" : " ");
  });
}
