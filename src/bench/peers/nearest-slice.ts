import type { Dims } from "#volume";

/** Fills between slices by copying the nearest one, the lower of two that are equally near; what is drawn stays. */
export function nearestSliceFill(
  dims: Dims,
  drawn: Uint16Array,
  axis: 0 | 1 | 2,
  planes: readonly number[],
): Uint16Array {
  const nearest = Array.from({ length: dims[axis] }, (_, slice) =>
    planes.reduce((best, plane) => (Math.abs(plane - slice) < Math.abs(best - slice) ? plane : best), planes[0]!),
  );
  const stride = [1, dims[0], dims[0] * dims[1]][axis]!;
  return drawn.map((label, n) => {
    if (label !== 0) return label;
    const slice = Math.floor(n / stride) % dims[axis];
    return drawn[n + (nearest[slice]! - slice) * stride]!;
  });
}
