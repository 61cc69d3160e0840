import type { ShownStatistics } from "#export";

/** A row of statistics as JSON has it. */
export function printedRow({ segment, ...row }: ShownStatistics): object {
  return { label: segment, ...row };
}
