import { cross, dot, length, type Vec3 } from "#base";
import type { ImageGrid } from "./image-grid.ts";

/**
 * Whether two volumes share a part of space. Both are parallelepipeds, which are apart just where a plane along two of their
 * edges is between them (separating axis theorem; Gottschalk et al., OBBTree, SIGGRAPH 1996).
 */
export function gridsOverlap(a: ImageGrid, b: ImageGrid): boolean {
  const edges = [0, 1, 2].flatMap((axis) => [a.axis(axis), b.axis(axis)]);
  const corners = [a.cornersLps(), b.cornersLps()] as const;
  for (const [n, one] of edges.entries()) {
    for (const other of edges.slice(n + 1)) {
      const across = cross(one, other);
      if (length(across) > 1e-9 * length(one) * length(other) && apart(corners, across)) return false;
    }
  }
  return true;
}

/** Whether the corners of two bodies lie on either side of a plane across `axis`. */
function apart([a, b]: readonly [readonly Vec3[], readonly Vec3[]], axis: Vec3): boolean {
  const along = (corners: readonly Vec3[]): number[] => corners.map((corner) => dot(corner, axis));
  const [one, other] = [along(a), along(b)];
  return Math.max(...one) <= Math.min(...other) || Math.max(...other) <= Math.min(...one);
}
