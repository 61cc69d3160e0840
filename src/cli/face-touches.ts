import { BRICK_EDGE, type Dims } from "#volume";

/** Steps to the neighbours of a voxel, or brick, under a connectivity. */
export function neighbourSteps(connectivity: 6 | 18 | 26): Dims[] {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const along = [-1, 0, 1];
  return along
    .flatMap((k) => along.flatMap((j) => along.map((i): Dims => [i, j, k])))
    .filter((step) => step.some((n) => n !== 0) && step.filter((n) => n !== 0).length <= most);
}

/** Whether a step goes back along k, then j, then i: half of all steps do, so that each pair of neighbours is met once. */
export function leadsBack([i, j, k]: Dims): boolean {
  return k < 0 || (k === 0 && (j < 0 || (j === 0 && i < 0)));
}

/**
 * Tells the pairs of labels of neighbouring voxels of which one lies in brick `a` and the other in brick `b`, `side` bricks from it
 * (−1, 0 or 1 along each axis); background is left out, a pair may be told several times. `steps` are the `neighbourSteps` of a
 * connectivity.
 */
export function touchingLabels(
  a: Uint16Array,
  b: Uint16Array,
  side: Dims,
  steps: readonly Dims[],
  touch: (labelA: number, labelB: number) => void,
): void {
  for (const step of steps) {
    const spans = step.map((by, axis) => spanOf(by, side[axis]!));
    if (!spans.every((span) => span !== undefined)) continue;
    const [i, j, k] = spans as unknown as [Span, Span, Span];
    const shift = i.shift + BRICK_EDGE * (j.shift + BRICK_EDGE * k.shift);
    for (let w = k.from; w < k.to; w++)
      for (let v = j.from; v < j.to; v++)
        for (let u = i.from; u < i.to; u++) {
          const at = u + BRICK_EDGE * (v + BRICK_EDGE * w);
          if (a[at] !== 0 && b[at + shift] !== 0) touch(a[at]!, b[at + shift]!);
        }
  }
}

/** Places along one axis in brick `a` from which a step leads into brick `b`, and what leads from one's place to the other's. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

function spanOf(step: number, side: number): Span | undefined {
  if (side === 0) return { from: Math.max(0, -step), to: Math.min(BRICK_EDGE, BRICK_EDGE - step), shift: step };
  if (side !== step) return undefined;
  const from = side < 0 ? 0 : BRICK_EDGE - 1;
  return { from, to: from + 1, shift: step - side * BRICK_EDGE };
}
