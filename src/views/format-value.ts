/** A length in mm with as many digits as it deserves. */
export function formatMm(mm: number): string {
  const digits = Math.abs(mm) >= 100 ? 0 : 1;
  return `${trimZero(mm.toFixed(digits))} mm`;
}

/** A voxel value: whole numbers whole, others with four significant digits. */
export function formatValue(value: number, unit: string): string {
  const text = Number.isInteger(value) ? value.toFixed(0) : Number(value.toPrecision(4)).toString();
  return unit === "" ? text : `${text} ${unit}`;
}

/** A point as letters of the body: `L 12.0  P 3.4  S 80.1`. */
export function formatLps(point: readonly [number, number, number]): string {
  const letters = [
    ["L", "R"],
    ["P", "A"],
    ["S", "I"],
  ] as const;
  return point.map((mm, axis) => `${letters[axis]![mm < 0 ? 1 : 0]} ${Math.abs(mm).toFixed(1)}`).join("  ");
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
