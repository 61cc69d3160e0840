import type { WindowLevel } from "./window-presets.ts";

/** Digits after the point that tell voxels of `finestMm` millimetres apart: one down to a tenth. */
function digitsFor(finestMm: number): number {
  return Math.max(1, Math.ceil(-Math.log10(finestMm)));
}

/** A length or a place among voxels of `finestMm`, with as many digits as it deserves. */
export function formatMm(mm: number, finestMm: number): string {
  const digits = digitsFor(finestMm);
  return `${trimZero(mm.toFixed(digits === 1 && Math.abs(mm) >= 100 ? 0 : digits))} mm`;
}

/** A round length, of one digit that is not 0: `50 mm`, `0.5 mm`; micrometres below a tenth. */
export function formatRoundMm(mm: number): string {
  const round = (value: number): number => Number(value.toPrecision(1));
  // Halves of a tenth are on the safe side of rounding.
  return mm < 0.095 ? `${round(mm * 1000)} µm` : `${round(mm)} mm`;
}

/** A voxel value: whole numbers whole, others with four significant digits. */
export function formatValue(value: number, unit: string): string {
  const text = Number.isInteger(value) ? value.toFixed(0) : Number(value.toPrecision(4)).toString();
  return unit === "" ? text : `${text} ${unit}`;
}

/** Widths below 10⁻⁴ and from 10⁶ on are written with an exponent. */
const PLAIN_DECADES = { first: -4, last: 5 } as const;

/** A window: whole numbers from a width of 10 on, else with the digits that three significant ones of its width ask for. */
export function formatWindow({ center, width }: WindowLevel): string {
  const decade = Math.floor(Math.log10(width));
  if (decade < PLAIN_DECADES.first || decade > PLAIN_DECADES.last) {
    const digits = center === 0 ? 0 : Math.floor(Math.log10(Math.abs(center))) - decade + 2;
    return `W ${exponent(width, 2)}  L ${digits < 0 ? "0" : exponent(center, Math.min(digits, 15))}`;
  }
  const digits = decade > 0 ? 0 : 2 - decade;
  return `W ${width.toFixed(digits)}  L ${trimZero(center.toFixed(digits))}`;
}

function exponent(value: number, digits: number): string {
  return value === 0 ? "0" : value.toExponential(digits).replace("e+", "e");
}

/** A point among voxels of `finestMm` as letters of the body: `L 12.0  P 3.4  S 80.1`; a letter and its number are not broken apart. */
export function formatLps(point: readonly [number, number, number], finestMm: number): string {
  const digits = digitsFor(finestMm);
  const letters = [
    ["L", "R"],
    ["P", "A"],
    ["S", "I"],
  ] as const;
  return point.map((mm, axis) => `${letters[axis]![mm < 0 ? 1 : 0]}\u00a0${Math.abs(mm).toFixed(digits)}`).join("  ");
}

/** No minus before nothing. */
function trimZero(text: string): string {
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** The longest of 1, 2, 5 · 10ⁿ mm that takes at most `maxPx` pixels. */
export function scaleBarMm(mmPerPx: number, maxPx: number): number {
  const most = mmPerPx * maxPx;
  const decade = 10 ** Math.floor(Math.log10(most));
  for (const step of [5, 2, 1]) if (decade * step <= most) return decade * step;
  return decade;
}
