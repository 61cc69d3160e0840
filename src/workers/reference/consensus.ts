/** Probability of each label at each voxel, and what the maps do, voxel by voxel over flat maps. */
export interface StapleReference {
  /** The label of every voxel, undefined where it is undecided. */
  readonly labels: (number | undefined)[];
  /** For each map: probability[decided][truth]. */
  readonly confusion: number[][][];
  readonly iterations: number;
}

export function majorityReference(maps: readonly ArrayLike<number>[]): (number | undefined)[] {
  return Array.from({ length: maps[0]!.length }, (_, n) => {
    const votes = new Map<number, number>();
    for (const map of maps) votes.set(map[n]!, (votes.get(map[n]!) ?? 0) + 1);
    const most = Math.max(...votes.values());
    const winners = [...votes].filter(([, count]) => count === most);
    return winners.length === 1 ? winners[0]![0] : undefined;
  });
}

/** Multi-label STAPLE with whole matrices; maps hold numbers of `values`, of which the first is background. */
export function stapleReference(
  maps: readonly ArrayLike<number>[],
  values: readonly number[],
  threshold: number,
): StapleReference {
  const count = values.length;
  const size = maps[0]!.length;
  const matrix = () => maps.map(() => Array.from({ length: count }, () => Array.from({ length: count }, () => 0)));
  const prior = Array.from({ length: count }, () => 0);
  for (const map of maps) for (let n = 0; n < size; n++) prior[map[n]!]! += 1 / (size * maps.length);
  let confusion = matrix();
  for (const [n, winner] of majorityReference(maps).entries()) {
    for (const [k, map] of maps.entries()) {
      // A tie counts for background in the row of the next value, as in ITK.
      const row = winner === undefined ? values.indexOf(values[map[n]!]! + 1) : map[n]!;
      if (row >= 0) confusion[k]![row]![winner ?? 0]!++;
    }
  }
  for (const own of confusion) {
    for (const row of own) {
      const sum = row.reduce((total, value) => total + value, 0);
      if (sum > 0) for (let c = 0; c < count; c++) row[c]! /= sum;
    }
  }
  const expect = (n: number): number[] =>
    prior.map((share, c) => maps.reduce((weight, map, k) => weight * confusion[k]![map[n]!]![c]!, share));
  let iterations = 0;
  for (let update = Infinity; update >= threshold; iterations++) {
    const next = matrix();
    for (let n = 0; n < size; n++) {
      const weights = expect(n);
      const sum = weights.reduce((total, value) => total + value, 0);
      if (sum === 0) continue;
      for (const [k, map] of maps.entries()) {
        for (let c = 0; c < count; c++) next[k]![map[n]!]![c]! += weights[c]! / sum;
      }
    }
    update = 0;
    for (const [k, own] of next.entries()) {
      for (let c = 0; c < count; c++) {
        const sum = own.reduce((total, row) => total + row[c]!, 0);
        for (const [j, row] of own.entries()) {
          if (sum > 0) row[c]! /= sum;
          update = Math.max(update, Math.abs(row[c]! - confusion[k]![j]![c]!));
        }
      }
    }
    confusion = next;
  }
  const labels = Array.from({ length: size }, (_, n) => {
    const weights = expect(n);
    const most = Math.max(...weights);
    return most > 0 && weights.filter((weight) => weight === most).length === 1 ? weights.indexOf(most) : undefined;
  });
  return { labels, confusion, iterations };
}

/** Binary STAPLE for one label: probability of every voxel, sensitivity and specificity of every map. */
export function stapleBinaryReference(
  maps: readonly ArrayLike<number>[],
  label: number,
  threshold: number,
): { weights: number[]; sensitivity: number[]; specificity: number[]; iterations: number } {
  const size = maps[0]!.length;
  const has = maps.map((map) => Array.from({ length: size }, (_, n) => map[n] === label));
  let weights = Array.from({ length: size }, (_, n) => has.filter((own) => own[n]).length / maps.length);
  const prior = weights.reduce((sum, weight) => sum + weight, 0) / size;
  let sensitivity = maps.map(() => -10);
  let specificity = maps.map(() => -10);
  let iterations = 0;
  for (let update = Infinity; update > threshold; iterations++) {
    const inside = weights.reduce((sum, weight) => sum + weight, 0);
    const sum = (own: boolean[], wanted: boolean): number =>
      weights.reduce((total, weight, n) => (own[n] === wanted ? total + (wanted ? weight : 1 - weight) : total), 0);
    const p = has.map((own) => sum(own, true) / inside);
    const q = has.map((own) => sum(own, false) / (size - inside));
    update =
      iterations === 0
        ? Infinity
        : Math.max(
            ...p.map((value, k) => Math.abs(value - sensitivity[k]!)),
            ...q.map((value, k) => Math.abs(value - specificity[k]!)),
          );
    [sensitivity, specificity] = [p, q];
    weights = weights.map((_, n) => {
      const a = has.reduce((product, own, k) => product * (own[n] ? p[k]! : 1 - p[k]!), prior);
      const b = has.reduce((product, own, k) => product * (own[n] ? 1 - q[k]! : q[k]!), 1 - prior);
      return a / (a + b);
    });
  }
  return { weights, sensitivity, specificity, iterations };
}
