import type { ShownStatistics } from "#export";

/** A row of statistics as JSON has it. Infinities, for which JSON has no numbers, are the words "Infinity" and "-Infinity". */
export function printedRow({ segment, ...row }: ShownStatistics): object {
  const fields = Object.entries(row).map(([name, value]) => [name, isInfinite(value) ? `${value}` : value] as const);
  return { label: segment, ...Object.fromEntries(fields) };
}

function isInfinite(value: unknown): value is number {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}
