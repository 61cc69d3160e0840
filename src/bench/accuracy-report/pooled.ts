import type { AccuracyCase, AccuracyFindings, ScanFacts } from "../accuracy.ts";
import { mean, meansOf } from "../accuracy-means.ts";
import { METHODS } from "../accuracy-methods.ts";

/** Methods of cases in the order of the report. */
export function methodsIn(cases: readonly AccuracyCase[]): string[] {
  const found = new Set(cases.map(({ method }) => method));
  return Object.keys(METHODS).filter((method) => found.has(method));
}

/** Cases of one input, every method once. */
export interface Input {
  readonly scan: ScanFacts;
  readonly condition: string;
  readonly kept: AccuracyCase["kept"];
  readonly cases: readonly AccuracyCase[];
}

/** Cases put together by scan and condition, in the order in which they were measured. */
export function inputsOf({ scans, cases }: AccuracyFindings, part: AccuracyCase["part"]): Input[] {
  const found = new Map<string, AccuracyCase[]>();
  for (const one of cases) {
    if (one.part !== part) continue;
    const key = `${one.scan}\n${one.condition}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()].map((of) => {
    const { scan, condition, kept } = of[0]!;
    return { scan: scans.find(({ id }) => id === scan)!, condition, kept, cases: of };
  });
}

export interface Pooled {
  readonly dice: number;
  readonly hd95Mm: number;
  readonly wholeDice: number;
  readonly ms: number;
}

/**
 * Means over inputs, every group of scans counting once: first over structures, then over the group's inputs, then over groups.
 * Distances are means over structures that were found.
 */
export function pooled(inputs: readonly Input[], method: string): Pooled {
  const groups = new Map<string, Pooled[]>();
  for (const { scan, cases } of inputs) {
    const of = cases.find((one) => one.method === method);
    if (!of) continue;
    const { dice, hd95Mm } = meansOf(of);
    const wholeDice = meansOf(of, (score) => score.whole ?? score).dice;
    groups.set(scan.group, [
      ...(groups.get(scan.group) ?? []),
      { dice, hd95Mm: hd95Mm ?? Number.NaN, wholeDice, ms: of.ms },
    ]);
  }
  const means = [...groups.values()].map((rows) => meanOf(rows));
  return meanOf(means);
}

function meanOf(rows: readonly Pooled[]): Pooled {
  const known = (pick: (row: Pooled) => number): number => mean(rows.map(pick).filter((value) => !Number.isNaN(value)));
  return {
    dice: known((row) => row.dice),
    hd95Mm: known((row) => row.hd95Mm),
    wholeDice: known((row) => row.wholeDice),
    ms: known((row) => row.ms),
  };
}

/** How often ours has the higher, the same and the lower Dice than a peer, structure by structure. */
export function standing(inputs: readonly Input[], ours: string, peer: string) {
  const count = { higher: 0, same: 0, lower: 0 };
  for (const { cases } of inputs) {
    const [a, b] = [ours, peer].map((method) => cases.find((one) => one.method === method));
    if (!a || !b) continue;
    a.scores.forEach(({ dice }, n) => {
      const other = b.scores[n]!.dice;
      count[dice > other ? "higher" : dice < other ? "lower" : "same"]++;
    });
  }
  return count;
}

/** Things with the same key together, in the order in which keys and things come. */
export function groupedBy<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const held = groups.get(key);
    if (held) held.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}
