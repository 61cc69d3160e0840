import type { AbortOptions } from "#base";

export interface TimingOptions extends AbortOptions {
  /** Runs of each case before any is timed (default 1). */
  readonly warmups?: number;
  /** Timed runs of each case (default 5). */
  readonly rounds?: number;
  /** A clock in milliseconds; `performance.now` by default. */
  readonly now?: () => number;
}

/**
 * Times several ways of doing one thing, interleaved: every round runs each of them once, and every other round in reverse
 * order, so that a machine that gets warm or busy is unfair to none. A case may return its own time in ms in place of the whole
 * call's. Medians in ms.
 */
export async function timeInterleaved<Cases extends Readonly<Record<string, () => Promise<number | void>>>>(
  cases: Cases,
  options: TimingOptions = {},
): Promise<{ [Name in keyof Cases]: number }> {
  const { warmups = 1, rounds = 5, now = () => performance.now(), signal } = options;
  const names = Object.keys(cases);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = -warmups; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      signal?.throwIfAborted();
      const start = now();
      const own = await cases[name]!();
      const elapsed = typeof own === "number" ? own : now() - start;
      if (round >= 0) times.get(name)!.push(elapsed);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name)!)])) as { [Name in keyof Cases]: number };
}

/** The middle value; the mean of the two middle ones of an even count; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
