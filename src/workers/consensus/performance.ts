import type { LabelPerformance, RaterPerformance } from "./consensus.api.ts";
import type { Patterns } from "./patterns.ts";

/** Labels other than background of any map, ascending. */
export function labelsOf({ labels }: Patterns): number[] {
  const present = new Uint8Array(65_536);
  for (const label of labels) present[label] = 1;
  return Array.from(present.keys()).filter((label) => label > 0 && present[label] === 1);
}

/** Sensitivity and specificity of every map against decisions, voxels without one counting as background. */
export function performanceOf(patterns: Patterns, decided: readonly (number | undefined)[]): RaterPerformance[] {
  const { maps, labels, voxels } = patterns;
  const present = labelsOf(patterns);
  const total = voxels.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: maps }, (_, map): RaterPerformance => {
    const right = new Map<number, number>();
    const said = new Map<number, number>();
    const true_ = new Map<number, number>();
    const add = (sums: Map<number, number>, label: number, count: number): void =>
      void sums.set(label, (sums.get(label) ?? 0) + count);
    for (let n = 0; n < voxels.length; n++) {
      const label = labels[n * maps + map]!;
      const truth = decided[n] ?? 0;
      add(said, label, voxels[n]!);
      add(true_, truth, voxels[n]!);
      if (label === truth) add(right, label, voxels[n]!);
    }
    return {
      labels: present.map((label): LabelPerformance => {
        const of = (sums: Map<number, number>): number => sums.get(label) ?? 0;
        const wrong = total - of(true_);
        return {
          label,
          sensitivity: of(true_) === 0 ? undefined : of(right) / of(true_),
          specificity: wrong === 0 ? undefined : (wrong - (of(said) - of(right))) / wrong,
        };
      }),
    };
  });
}
