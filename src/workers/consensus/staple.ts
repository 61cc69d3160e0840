import type { Pacer } from "../pacer.ts";
import type { ConfusionEntry, RaterPerformance } from "./consensus.api.ts";
import type { Decision, IterationLimits } from "./decision.ts";
import { majorityOf } from "./majority.ts";
import type { Patterns } from "./patterns.ts";

/** What ends the iteration when nothing else is said, as in ITK's MultiLabelSTAPLEImageFilter. */
const THRESHOLD = 1e-5;

/**
 * Multi-label STAPLE over patterns of labels: voxels with the same labels in all maps have the same expectation, so an iteration costs
 * patterns, not voxels. Entries of confusion matrices that are 0 stay 0, and only the others are held.
 */
export async function staple(patterns: Patterns, limits: IterationLimits, pacer: Pacer): Promise<Decision> {
  const model = new StapleModel(patterns);
  let iterations = 0;
  for (
    let update = Infinity;
    update >= (limits.threshold ?? THRESHOLD) && iterations < limits.maxIterations;
    iterations++
  ) {
    await pacer.pause(iterations / (iterations + 20), "Estimating performance");
    update = model.iterate();
  }
  return { ...model.decide(), iterations };
}

/** Confusion matrices and expectations, as lists. */
class StapleModel {
  readonly #patterns: Patterns;
  /** Labels by their number here, background among them. */
  readonly #labels: readonly number[];
  readonly #prior: Float64Array;
  /** Entries of all matrices: map, what it decided, and the truth (numbers of labels), and the probability. */
  readonly #entries: { readonly map: number; readonly decided: number; readonly truth: number }[] = [];
  #theta = new Float64Array(0);
  /** For every pattern the truths that it can have, each with the entries of its maps. */
  readonly #firstTruth: Uint32Array;
  readonly #truths: Uint32Array;
  readonly #entryOf: Uint32Array;

  constructor(patterns: Patterns) {
    this.#patterns = patterns;
    const { maps, labels, voxels } = patterns;
    const present = [...new Set(labels)].sort((a, b) => a - b);
    this.#labels = present;
    const numberOf = new Map(present.map((label, n) => [label, n]));
    const prior = new Float64Array(present.length);
    const numbers = Uint32Array.from(labels, (label) => numberOf.get(label)!);
    for (let n = 0; n < numbers.length; n++) prior[numbers[n]!]! += voxels[Math.floor(n / maps)]!;
    const total = prior.reduce((sum, count) => sum + count, 0);
    this.#prior = prior.map((count) => count / total);

    // Matrices begin with what the majority says, normalised for each decision.
    const lists: Map<number, number>[][] = Array.from({ length: maps }, () => present.map(() => new Map()));
    const counts: number[] = [];
    const count = (map: number, decided: number, truth: number, amount: number): void => {
      const list = lists[map]![decided]!;
      let entry = list.get(truth);
      if (entry === undefined) {
        entry = this.#entries.length;
        this.#entries.push({ map, decided, truth });
        counts.push(0);
        list.set(truth, entry);
      }
      counts[entry]! += amount;
    };
    for (let n = 0; n < voxels.length; n++) {
      const own = labels.subarray(n * maps, (n + 1) * maps);
      const winner = majorityOf(own);
      for (const [map, label] of own.entries()) {
        if (winner !== undefined) count(map, numberOf.get(label)!, numberOf.get(winner)!, voxels[n]!);
        else if (numberOf.has(label + 1) && numberOf.has(0)) {
          // ITK's vote is one past its labels then, which in its matrix is background in the row of the next label.
          count(map, numberOf.get(label + 1)!, numberOf.get(0)!, voxels[n]!);
        }
      }
    }
    const sums = new Map<string, number>();
    const keyOf = ({ map, decided }: { map: number; decided: number }): string => `${map} ${decided}`;
    for (const [entry, place] of this.#entries.entries()) {
      sums.set(keyOf(place), (sums.get(keyOf(place)) ?? 0) + counts[entry]!);
    }
    this.#theta = Float64Array.from(counts, (count, entry) => count / sums.get(keyOf(this.#entries[entry]!))!);

    const firstTruth = new Uint32Array(voxels.length + 1);
    const truths: number[] = [];
    const entryOf: number[] = [];
    for (let n = 0; n < voxels.length; n++) {
      const own = Array.from({ length: maps }, (_, map) => lists[map]![numbers[n * maps + map]!]!);
      const fewest = own.reduce((least, list) => (list.size < least.size ? list : least));
      for (const truth of [...fewest.keys()].sort((a, b) => a - b)) {
        if (!own.every((list) => list.has(truth))) continue;
        truths.push(truth);
        for (const list of own) entryOf.push(list.get(truth)!);
      }
      firstTruth[n + 1] = truths.length;
    }
    this.#firstTruth = firstTruth;
    this.#truths = Uint32Array.from(truths);
    this.#entryOf = Uint32Array.from(entryOf);
  }

  /** One expectation and maximisation; the largest change of an entry. */
  iterate(): number {
    const { voxels, maps } = this.#patterns;
    const next = new Float64Array(this.#theta.length);
    const weights = new Float64Array(this.#labels.length);
    for (let n = 0; n < voxels.length; n++) {
      const [from, end, sum] = this.#expect(n, weights);
      if (sum === 0) continue;
      for (let t = from; t < end; t++) {
        const share = (weights[t - from]! / sum) * voxels[n]!;
        for (let map = 0; map < maps; map++) next[this.#entryOf[t * maps + map]!]! += share;
      }
    }
    this.#normalise(next);
    let update = 0;
    for (let entry = 0; entry < next.length; entry++) {
      update = Math.max(update, Math.abs(next[entry]! - this.#theta[entry]!));
    }
    this.#theta = next;
    return update;
  }

  /** The most probable label of every pattern, and the performance of every map. */
  decide(): Omit<Decision, "iterations"> {
    const { voxels } = this.#patterns;
    const weights = new Float64Array(this.#labels.length);
    const mass = new Float64Array(this.#labels.length);
    const labels: (number | undefined)[] = [];
    for (let n = 0; n < voxels.length; n++) {
      const [from, end, sum] = this.#expect(n, weights);
      let winner: number | undefined;
      let most = 0;
      for (let t = from; t < end; t++) {
        const weight = weights[t - from]!;
        if (sum > 0) mass[this.#truths[t]!]! += (weight / sum) * voxels[n]!;
        if (weight > most) {
          most = weight;
          winner = this.#labels[this.#truths[t]!];
        } else if (weight === most) winner = undefined;
      }
      labels.push(winner);
    }
    return { labels, raters: this.#performance(mass) };
  }

  /** Unnormalised probabilities of a pattern's truths, into `weights`; where its truths are listed, and the sum. */
  #expect(n: number, weights: Float64Array): [from: number, end: number, sum: number] {
    const { maps } = this.#patterns;
    const [from, end] = [this.#firstTruth[n]!, this.#firstTruth[n + 1]!];
    let sum = 0;
    for (let t = from; t < end; t++) {
      let weight = this.#prior[this.#truths[t]!]!;
      for (let map = 0; map < maps; map++) weight *= this.#theta[this.#entryOf[t * maps + map]!]!;
      weights[t - from] = weight;
      sum += weight;
    }
    return [from, end, sum];
  }

  /** Makes the entries of each map and truth sum to 1. */
  #normalise(theta: Float64Array): void {
    const count = this.#labels.length;
    const sums = new Float64Array(this.#patterns.maps * count);
    for (const [entry, { map, truth }] of this.#entries.entries()) sums[map * count + truth]! += theta[entry]!;
    for (const [entry, { map, truth }] of this.#entries.entries()) {
      const sum = sums[map * count + truth]!;
      if (sum > 0) theta[entry]! /= sum;
    }
  }

  #performance(mass: Float64Array): RaterPerformance[] {
    const { maps } = this.#patterns;
    const total = mass.reduce((sum, part) => sum + part, 0);
    return Array.from({ length: maps }, (_, own) => {
      const right = new Float64Array(this.#labels.length);
      // Expected voxels on which the map has a label where it is wrong.
      const wrong = new Float64Array(this.#labels.length);
      const confusion: ConfusionEntry[] = [];
      for (const [entry, { map, decided, truth }] of this.#entries.entries()) {
        const probability = this.#theta[entry]!;
        if (map !== own || probability === 0) continue;
        if (decided === truth) right[decided] = probability;
        else wrong[decided]! += probability * mass[truth]!;
        confusion.push({ decided: this.#labels[decided]!, truth: this.#labels[truth]!, probability });
      }
      const labels = this.#labels.flatMap((label, n) => {
        if (label === 0) return [];
        const others = total - mass[n]!;
        return {
          label,
          sensitivity: mass[n]! > 0 ? right[n]! : undefined,
          specificity: others > 0 ? 1 - wrong[n]! / others : undefined,
        };
      });
      confusion.sort((a, b) => a.truth - b.truth || a.decided - b.decided);
      return { labels, confusion };
    });
  }
}
