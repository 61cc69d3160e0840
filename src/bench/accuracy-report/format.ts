/** Three decimals. */
export function formatDice(dice: number): string {
  return Number.isNaN(dice) ? "–" : dice.toFixed(3);
}

/** Millimetres to a hundredth; a dash where nothing was found. */
export function formatMm(mm: number | undefined): string {
  if (mm === undefined || Number.isNaN(mm)) return "–";
  return mm.toFixed(mm < 100 ? 2 : 0);
}

/** Seconds to two significant digits, a tenth of a millisecond at the finest. */
export function formatSeconds(ms: number): string {
  if (Number.isNaN(ms)) return "–";
  const seconds = ms / 1000;
  if (seconds >= 10) return seconds.toFixed(0);
  const digits = Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(Math.max(seconds, 1e-4)))));
  return seconds.toFixed(digits);
}
