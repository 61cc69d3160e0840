import { spacingFault } from "#volume";

/** What a person typed as a size in mm, with a point or a comma; NaN for what is no number. */
export function readMm(text: string): number {
  const written = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
}

/** What is wrong with a size as it was typed; undefined where it can be taken. */
export function faultOf(text: string): string | undefined {
  return text.trim() === "" ? "Give the size in millimetres." : spacingFault(readMm(text));
}

/** A size with all its digits, so that what is typed in is what is shown again. */
export function writeMm(mm: number): string {
  return String(Number(mm.toPrecision(6)));
}
