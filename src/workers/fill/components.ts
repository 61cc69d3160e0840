/** Runs of a slice as v, start, end (outside) in the frame, rows in order. */
export type Runs = Int32Array;

/** A rectangle of pixels in the frame, upper ends outside. */
export interface PixelBox {
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
}

/** One connected piece (8 neighbours) of a segment, or of all segments together, on one slice, or a part of one. */
export interface Component extends PixelBox {
  readonly z: number;
  /** The segment; 0 for a piece of the union. */
  readonly segment: number;
  /** Whether a piece of the union holds several segments. */
  readonly several: boolean;
  readonly pixels: number;
  /** Centroid in the frame's pixels. */
  readonly cu: number;
  readonly cv: number;
  readonly runs: Runs;
}

/** Whether two components of different slices share a pixel. */
export function overlap(a: Component, b: Component): boolean {
  if (a.u0 >= b.u1 || b.u0 >= a.u1 || a.v0 >= b.v1 || b.v0 >= a.v1) return false;
  const [p, q] = [a.runs, b.runs];
  for (let m = 0, n = 0; m < p.length && n < q.length; ) {
    const [v, w] = [p[m]!, q[n]!];
    if (v === w && p[m + 1]! < q[n + 2]! && q[n + 1]! < p[m + 2]!) return true;
    if (v < w || (v === w && p[m + 2]! <= q[n + 2]!)) m += 3;
    else n += 3;
  }
  return false;
}

/** How many pixels two components share when the first is moved by whole pixels. */
export function commonPixels(a: Component, b: Component, du: number, dv: number): number {
  const [p, q] = [a.runs, b.runs];
  let common = 0;
  for (let m = 0, n = 0; m < p.length && n < q.length; ) {
    const [v, end] = [p[m]! + dv, p[m + 2]! + du];
    const w = q[n]!;
    if (v === w) common += Math.max(0, Math.min(end, q[n + 2]!) - Math.max(p[m + 1]! + du, q[n + 1]!));
    if (v < w || (v === w && end <= q[n + 2]!)) m += 3;
    else n += 3;
  }
  return common;
}

/** The component of runs, of the kind of another; sums are whole numbers, so the centroid does not depend on their order. */
export function componentOf(
  { z, segment, several }: Pick<Component, "z" | "segment" | "several">,
  runs: Runs,
): Component {
  let u0 = Number.POSITIVE_INFINITY;
  let u1 = 0;
  let pixels = 0;
  let sumU = 0;
  let sumV = 0;
  for (let n = 0; n < runs.length; n += 3) {
    const [v, start, end] = [runs[n]!, runs[n + 1]!, runs[n + 2]!];
    u0 = Math.min(u0, start);
    u1 = Math.max(u1, end);
    pixels += end - start;
    sumU += ((start + end - 1) * (end - start)) / 2;
    sumV += v * (end - start);
  }
  return {
    z,
    segment,
    several,
    u0,
    v0: runs[0]!,
    u1,
    v1: runs[runs.length - 3]! + 1,
    pixels,
    cu: sumU / pixels,
    cv: sumV / pixels,
    runs,
  };
}

/** Several components of one slice as one. */
export function together(components: readonly Component[]): Component {
  const [first] = components;
  if (components.length === 1) return first!;
  let runs = first!.runs;
  for (let n = 1; n < components.length; n++) runs = merged(runs, components[n]!.runs);
  const several = components.some((component) => component.several);
  return componentOf({ z: first!.z, segment: first!.segment, several }, runs);
}

/** Runs of both, rows in order. */
function merged(p: Runs, q: Runs): Runs {
  const runs = new Int32Array(p.length + q.length);
  for (let m = 0, n = 0, at = 0; at < runs.length; at += 3) {
    const ofP = n >= q.length || (m < p.length && (p[m]! < q[n]! || (p[m] === q[n] && p[m + 1]! < q[n + 1]!)));
    const from = ofP ? p : q;
    const own = ofP ? m : n;
    runs[at] = from[own]!;
    runs[at + 1] = from[own + 1]!;
    runs[at + 2] = from[own + 2]!;
    if (ofP) m += 3;
    else n += 3;
  }
  return runs;
}

/** The smallest box around two. */
export function around(a: PixelBox, b: PixelBox): PixelBox {
  return {
    u0: Math.min(a.u0, b.u0),
    v0: Math.min(a.v0, b.v0),
    u1: Math.max(a.u1, b.u1),
    v1: Math.max(a.v1, b.v1),
  };
}
