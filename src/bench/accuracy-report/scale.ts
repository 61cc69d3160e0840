/** A vertical or horizontal scale with its ticks. */
export interface Scale {
  /** 0 at the low end, 1 at the high end. */
  at(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** From a round value at or below the lowest to `high`, with two to five ticks. */
export function linearScale(low: number, high: number): Scale {
  if (!(high > low)) return linearScale(high - 1, high);
  const step = stepOf((high - low) / 4);
  const start = Math.floor(low / step + 1e-9) * step;
  const end = Math.ceil(high / step - 1e-9) * step;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const count = Math.round((end - start) / step);
  const ticks = Array.from({ length: count + 1 }, (_, n) => {
    const value = start + n * step;
    return { value, text: value.toFixed(digits) };
  });
  return { at: (value) => (value - start) / (end - start), ticks };
}

/** Whole powers of ten around positive values, a tick at each. */
export function logScale(low: number, high: number): Scale {
  const start = Math.floor(Math.log10(low) + 1e-9);
  const end = Math.max(start + 1, Math.ceil(Math.log10(high) - 1e-9));
  const ticks = Array.from({ length: end - start + 1 }, (_, n) => {
    const value = 10 ** (start + n);
    return { value, text: powerText(start + n) };
  });
  return { at: (value) => (Math.log10(value) - start) / (end - start), ticks };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** 0.01 to 1000 in digits, other powers of ten as powers. */
function powerText(power: number): string {
  if (power >= -2 && power <= 3) return power >= 0 ? String(10 ** power) : (10 ** power).toFixed(-power);
  return `10${String(power).replaceAll(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!))}`;
}
