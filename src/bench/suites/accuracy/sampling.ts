import type { Dims } from "#volume";

/**
 * Planes that are kept of a volume, as one or more stacks of parallel planes. A voxel has a slot in every stack: 2·p on plane p,
 * 2·p + 1 between planes p and p + 1. It is drawn when one of its slots is even.
 */
export interface Sampling {
  /** "k", "i, j, k" or what else the planes are stacked along. */
  readonly along: string;
  /** One in how many is kept. */
  readonly every: number;
  readonly stacks: readonly Stack[];
}

/** The slot of a voxel. */
export type Stack = (i: number, j: number, k: number) => number;

/** First and last slot in which a structure is drawn, and in how many, for each stack. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly planes: number;
}

/** Slices 0, every, 2·every … along index axes. */
export function slicesAlong(axes: readonly (0 | 1 | 2)[], every: number): Sampling {
  const slot = (index: number): number => 2 * Math.floor(index / every) + (index % every === 0 ? 0 : 1);
  const stacks: readonly Stack[] = [(i) => slot(i), (_, j) => slot(j), (_, __, k) => slot(k)];
  return {
    along: axes.map((axis) => "ijk"[axis]).join(", "),
    every,
    stacks: axes.map((axis) => stacks[axis]!),
  };
}

/** Numbers of the slices that are kept of an axis. */
export function keptSlices(count: number, every: number): number[] {
  return Array.from({ length: Math.ceil(count / every) }, (_, n) => n * every);
}

/** Labels on kept planes only. */
export function drawnLabels(dims: Dims, labels: Uint16Array, { stacks }: Sampling): Uint16Array {
  const drawn = new Uint16Array(labels.length);
  eachVoxel(dims, (n, i, j, k) => {
    if (labels[n] !== 0 && stacks.some((slotOf) => slotOf(i, j, k) % 2 === 0)) drawn[n] = labels[n]!;
  });
  return drawn;
}

/** Where structures are drawn, stack by stack, for labels 1 to `count`; index 0 is label 1. */
export function spansOf(dims: Dims, labels: Uint16Array, { stacks }: Sampling, count: number): Span[][] {
  return stacks.map((slotOf) => {
    const slots = Array.from({ length: count }, () => new Set<number>());
    eachVoxel(dims, (n, i, j, k) => {
      if (labels[n] === 0) return;
      const slot = slotOf(i, j, k);
      if (slot % 2 === 0) slots[labels[n]! - 1]!.add(slot);
    });
    return slots.map((found) => ({ first: Math.min(...found), last: Math.max(...found), planes: found.size }));
  });
}

/** What is scored: voxels between a structure's first and last drawn plane of every stack; those that were not drawn alone. */
export interface Scopes {
  readonly between: Uint16Array;
  readonly hidden: Uint16Array;
}

/** Cuts labels down to the scopes, each label to its own. */
export function scopesOf(dims: Dims, labels: Uint16Array, { stacks }: Sampling, spans: readonly Span[][]): Scopes {
  const between = new Uint16Array(labels.length);
  const hidden = new Uint16Array(labels.length);
  eachVoxel(dims, (n, i, j, k) => {
    const label = labels[n]!;
    if (label === 0) return;
    let drawn = false;
    for (let s = 0; s < stacks.length; s++) {
      const slot = stacks[s]!(i, j, k);
      const { first, last } = spans[s]![label - 1]!;
      if (slot < first || slot > last) return;
      drawn ||= slot % 2 === 0;
    }
    between[n] = label;
    if (!drawn) hidden[n] = label;
  });
  return { between, hidden };
}

/** Visits voxels in the order of their bytes. */
export function eachVoxel([ni, nj, nk]: Dims, visit: (n: number, i: number, j: number, k: number) => void): void {
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++, n++) visit(n, i, j, k);
  }
}
