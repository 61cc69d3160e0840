import type { Dims } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";
import { FULL, smoothingKernel, votesOf } from "../smooth/smoothing-kernel.ts";

/** Labels after a smoothing by kernels of whole numbers, over the whole dense volume at once. */
export function smoothReference(
  labels: ArrayLike<number>,
  dims: Dims,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  method: "median" | "gaussian" | "joint",
  mm: number,
): Uint16Array {
  const before = Uint16Array.from(labels);
  const chosen = (segments ?? [...new Set(before)]).filter((label) => label !== 0).toSorted((a, b) => a - b);
  const kernel = smoothingKernel({ spacingMm, method, mm });
  const smoothed = (isSet: (label: number) => boolean): Int32Array => {
    let field = Int32Array.from(before, (label) => (isSet(label) ? (method === "median" ? 1 : FULL) : 0));
    for (const axis of [0, 1, 2] as const)
      field = alongAxis(field, dims, axis, kernel.radius[axis], kernel.weights?.[axis]);
    return field;
  };
  const fields = chosen.map((label) => [label, smoothed((other) => other === label)] as const);
  const isChosen = (label: number): boolean => chosen.includes(label);
  if (method === "median") {
    return before.map((was, n) => {
      const rest = votesOf(kernel) - fields.reduce((sum, [, counts]) => sum + counts[n]!, 0);
      const votes = new Map<number, number>([
        [isChosen(was) ? 0 : was, rest],
        ...fields.map(([label, f]) => [label, f[n]!] as const),
      ]);
      const most = Math.max(...votes.values());
      if (votes.get(was) === most) return was;
      if (rest === most) return isChosen(was) ? 0 : was;
      return fields.find(([, counts]) => counts[n] === most)![0];
    });
  }
  const union = method === "joint" ? smoothed(isChosen) : undefined;
  return before.map((was, n) => {
    const rest = isChosen(was) ? 0 : was;
    if (union && union[n]! < FULL / 2) return rest;
    const most = Math.max(0, ...fields.map(([, field]) => field[n]!));
    if (!union && most < FULL / 2) return rest;
    return fields.find(([, field]) => field[n] === most)?.[0] ?? rest;
  });
}

/** One axis; the volume goes on mirrored. The first axis of a mask has nothing to round. */
function alongAxis(
  field: Int32Array,
  dims: Dims,
  axis: 0 | 1 | 2,
  radius: number,
  weights: Int16Array | undefined,
): Int32Array<ArrayBuffer> {
  const stride = axis === 0 ? 1 : axis === 1 ? dims[0] : dims[0] * dims[1];
  const count = dims[axis];
  return Int32Array.from(field, (_, n) => {
    const at = Math.floor(n / stride) % count;
    let sum = 0;
    for (let d = -radius; d <= radius; d++) {
      const value = field[n + (mirrored(at + d, count) - at) * stride]!;
      sum += weights ? weights[d + radius]! * value : value;
    }
    return weights ? Math.ceil(sum / FULL) : sum;
  });
}

function mirrored(n: number, count: number): number {
  const place = ((n % (2 * count)) + 2 * count) % (2 * count);
  return place < count ? place : 2 * count - 1 - place;
}
