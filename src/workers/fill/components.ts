/** One connected piece (8 neighbours) of a segment on one slice, or a part of one. */
export interface Component {
  /** Bounding box in the frame, upper ends outside. */
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
  readonly pixels: number;
  /** Centroid in the frame's pixels. */
  readonly cu: number;
  readonly cv: number;
  /** One byte a pixel of the box, 1 inside. */
  readonly mask: Uint8Array;
}

/** Pixels from `start` to `end` (outside) of row v that have one label. */
interface Run {
  readonly v: number;
  readonly start: number;
  readonly end: number;
  readonly label: number;
}

/** The components of every wanted segment on a slice of nu × nv: runs of rows, joined by union-find. */
export function findComponents(
  slice: Uint16Array,
  nu: number,
  nv: number,
  wanted: { has(segment: number): boolean },
): Map<number, Component[]> {
  const runs: Run[] = [];
  const parents: number[] = [];
  let above = 0;
  for (let v = 0; v < nv; v++) {
    const first = runs.length;
    for (let u = 0; u < nu; ) {
      const label = slice[v * nu + u]!;
      let end = u + 1;
      while (end < nu && slice[v * nu + end] === label) end++;
      if (label !== 0 && wanted.has(label)) {
        parents.push(runs.length);
        runs.push({ v, start: u, end, label });
      }
      u = end;
    }
    joinRows(runs, parents, above, first);
    above = first;
  }
  const groups = new Map<number, Run[]>();
  runs.forEach((run, n) => {
    const root = rootOf(parents, n);
    const group = groups.get(root);
    if (group) group.push(run);
    else groups.set(root, [run]);
  });
  const components = new Map<number, Component[]>();
  for (const group of groups.values()) {
    const of = components.get(group[0]!.label);
    if (of) of.push(fromRuns(group));
    else components.set(group[0]!.label, [fromRuns(group)]);
  }
  return components;
}

/** Joins runs of the last row with those of the row above that touch them, also diagonally. */
function joinRows(runs: readonly Run[], parents: number[], above: number, first: number): void {
  let from = above;
  for (let n = first; n < runs.length; n++) {
    const run = runs[n]!;
    if (runs[above]?.v !== run.v - 1) return;
    while (from < first && runs[from]!.end < run.start) from++;
    for (let m = from; m < first && runs[m]!.start <= run.end; m++) {
      if (runs[m]!.label === run.label) parents[rootOf(parents, n)] = rootOf(parents, m);
    }
  }
}

function rootOf(parents: number[], n: number): number {
  let root = n;
  while (parents[root] !== root) root = parents[root]!;
  for (let at = n; parents[at] !== root; ) {
    const next = parents[at]!;
    parents[at] = root;
    at = next;
  }
  return root;
}

function fromRuns(runs: readonly Run[]): Component {
  const u0 = runs.reduce((least, run) => Math.min(least, run.start), Number.POSITIVE_INFINITY);
  const u1 = runs.reduce((most, run) => Math.max(most, run.end), 0);
  const v0 = runs[0]!.v;
  const v1 = runs.at(-1)!.v + 1;
  const mask = new Uint8Array((u1 - u0) * (v1 - v0));
  for (const { v, start, end } of runs)
    mask.fill(1, (v - v0) * (u1 - u0) + start - u0, (v - v0) * (u1 - u0) + end - u0);
  return fromMask(mask, u0, v0, u1, v1);
}

/** The component of the pixels set in a mask over a box; sums are whole numbers, so the centroid does not depend on order. */
export function fromMask(mask: Uint8Array, u0: number, v0: number, u1: number, v1: number): Component {
  let pixels = 0;
  let sumU = 0;
  let sumV = 0;
  let n = 0;
  for (let v = v0; v < v1; v++) {
    let inRow = 0;
    for (let u = u0; u < u1; u++) {
      if (!mask[n++]) continue;
      inRow++;
      sumU += u;
    }
    pixels += inRow;
    sumV += v * inRow;
  }
  return { u0, v0, u1, v1, pixels, cu: sumU / pixels, cv: sumV / pixels, mask };
}
