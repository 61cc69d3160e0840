import type { Pacer } from "../pacer.ts";
import type { LabelPerformance } from "./consensus.api.ts";
import type { Decision, IterationLimits } from "./decision.ts";
import { labelsOf } from "./performance.ts";
import type { Patterns } from "./patterns.ts";

/** What ends the iteration when nothing else is said, as in ITK's STAPLEImageFilter (the root of its 1e-14). */
const THRESHOLD = 1e-7;

/** Which maps have a label, and on how many voxels just these have it. */
interface Votes {
  readonly has: readonly boolean[];
  voxels: number;
}

/** Votes on one label, with the number of votes that each pattern is among; patterns without the label are among the first. */
interface Ballot {
  readonly votes: Votes[];
  readonly numberOf: Map<number, number>;
}

/** Binary STAPLE for each label over the combinations of maps that have it. */
export async function stapleBinary(patterns: Patterns, limits: IterationLimits, pacer: Pacer): Promise<Decision> {
  const { maps, voxels } = patterns;
  const present = labelsOf(patterns);
  const performances: LabelPerformance[][] = Array.from({ length: maps }, () => []);
  const best = new Float64Array(voxels.length).fill(0.5);
  const decided = Array.from(voxels, (): number | undefined => 0);
  const ballots = castVotes(patterns);
  let iterations = 0;
  for (const [n, label] of present.entries()) {
    const { votes, numberOf } = ballots.get(label)!;
    const found = await estimate(votes, limits, pacer, n / present.length);
    iterations = Math.max(iterations, found.iterations);
    for (let map = 0; map < maps; map++) {
      performances[map]!.push({ label, sensitivity: found.sensitivity[map], specificity: found.specificity[map] });
    }
    // Where no map has the label it is hardly ever the more probable; then every pattern is looked at.
    const places = found.weights[0]! > 0.5 ? voxels.keys() : numberOf.keys();
    for (const pattern of places) {
      const weight = found.weights[numberOf.get(pattern) ?? 0]!;
      if (weight > best[pattern]!) {
        best[pattern] = weight;
        decided[pattern] = label;
      } else if (weight === best[pattern] && weight > 0.5) decided[pattern] = undefined;
      else if (weight === 0.5 && decided[pattern] === 0) decided[pattern] = undefined;
    }
  }
  return { labels: decided, raters: performances.map((own) => ({ labels: own })), iterations };
}

function castVotes({ maps, labels, voxels }: Patterns): Map<number, Ballot> {
  const total = voxels.reduce((sum, count) => sum + count, 0);
  const ballots = new Map<number, Ballot & { readonly byKey: Map<string, number> }>();
  for (let n = 0; n < voxels.length; n++) {
    const own = labels.subarray(n * maps, (n + 1) * maps);
    for (const label of new Set(own)) {
      if (label === 0) continue;
      let ballot = ballots.get(label);
      if (!ballot) {
        const none = { has: Array.from(own, () => false), voxels: total };
        ballots.set(label, (ballot = { votes: [none], numberOf: new Map(), byKey: new Map() }));
      }
      const has = Array.from(own, (value) => value === label);
      const key = has.map(Number).join("");
      let number = ballot.byKey.get(key);
      if (number === undefined) {
        number = ballot.votes.length;
        ballot.byKey.set(key, number);
        ballot.votes.push({ has, voxels: 0 });
      }
      ballot.votes[number]!.voxels += voxels[n]!;
      ballot.votes[0]!.voxels -= voxels[n]!;
      ballot.numberOf.set(n, number);
    }
  }
  return ballots;
}

interface Estimate {
  readonly sensitivity: readonly (number | undefined)[];
  readonly specificity: readonly (number | undefined)[];
  /** Probability of the label for each of the votes. */
  readonly weights: Float64Array;
  readonly iterations: number;
}

async function estimate(
  votes: readonly Votes[],
  { threshold = THRESHOLD, maxIterations }: IterationLimits,
  pacer: Pacer,
  fraction: number,
): Promise<Estimate> {
  const maps = votes[0]!.has.length;
  const weights = Float64Array.from(votes, ({ has }) => has.filter(Boolean).length / maps);
  const total = votes.reduce((sum, { voxels }) => sum + voxels, 0);
  const prior = votes.reduce((sum, { voxels }, n) => sum + voxels * weights[n]!, 0) / total;
  const p = new Float64Array(maps);
  const q = new Float64Array(maps);
  let iterations = 0;
  for (let update = Infinity; update > threshold && iterations < maxIterations; iterations++) {
    await pacer.pause(fraction, "Estimating performance");
    // The first iteration has nothing to be held against.
    update = iterations === 0 ? Infinity : 0;
    const inside = votes.reduce((sum, { voxels }, n) => sum + voxels * weights[n]!, 0);
    const outside = votes.reduce((sum, { voxels }, n) => sum + voxels * (1 - weights[n]!), 0);
    for (let map = 0; map < maps; map++) {
      let found = 0;
      let spared = 0;
      for (const [n, { has, voxels }] of votes.entries()) {
        if (has[map]) found += voxels * weights[n]!;
        else spared += voxels * (1 - weights[n]!);
      }
      update = Math.max(update, Math.abs(found / inside - p[map]!), Math.abs(spared / outside - q[map]!));
      p[map] = found / inside;
      q[map] = spared / outside;
    }
    // Every map has the label everywhere: there is no outside to be right about.
    if (outside === 0) break;
    for (const [n, { has }] of votes.entries()) {
      let a = prior;
      let b = 1 - prior;
      for (let map = 0; map < maps; map++) {
        a *= has[map] ? p[map]! : 1 - p[map]!;
        b *= has[map] ? 1 - q[map]! : q[map]!;
      }
      weights[n] = a / (a + b);
    }
  }
  const known = (values: Float64Array): (number | undefined)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? undefined : value));
  return { sensitivity: known(p), specificity: known(q), weights, iterations };
}
