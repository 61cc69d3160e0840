import type { Decision } from "./decision.ts";
import { performanceOf } from "./performance.ts";
import type { Patterns } from "./patterns.ts";

/** The label that most of a pattern's maps have, or undefined in a tie. */
export function majorityOf(labels: Uint16Array): number | undefined {
  const votes = new Map<number, number>();
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  let winner: number | undefined;
  let most = 0;
  for (const [label, count] of votes) {
    if (count > most) {
      winner = label;
      most = count;
    } else if (count === most) winner = undefined;
  }
  return winner;
}

/** The majority of every pattern, and how the maps do against it. */
export function majority(patterns: Patterns): Decision {
  const { maps, labels, voxels } = patterns;
  const decided = Array.from(voxels, (_, n) => majorityOf(labels.subarray(n * maps, (n + 1) * maps)));
  return { labels: decided, raters: performanceOf(patterns, decided), iterations: 0 };
}
