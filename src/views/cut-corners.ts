import { add, cross, dot, scale, subtract, type Vec3 } from "#base";
import type { ImageGrid, IndexBox, PointLps } from "#volume";

/**
 * Corners of the part of a plane that lies in the volume, or in a box of whole voxels, in order round it; none where they do not
 * meet.
 */
export function cutCorners(grid: ImageGrid, point: PointLps, normal: Vec3, box?: IndexBox): PointLps[] {
  const corners = box ? boxCorners(grid, box) : grid.cornersLps();
  const found: PointLps[] = [];
  for (let n = 0; n < 8; n++) {
    for (const bit of [1, 2, 4]) {
      if (n & bit) continue;
      const [a, b] = [corners[n]!, corners[n | bit]!];
      const [da, db] = [dot(normal, subtract(a, point)), dot(normal, subtract(b, point))];
      if (da < 0 === db < 0) continue;
      found.push(add(a, scale(subtract(b, a), da / (da - db))));
    }
  }
  if (found.length < 3) return [];
  const middle = scale(
    found.reduce((sum, one) => add(sum, one), [0, 0, 0] as Vec3),
    1 / found.length,
  );
  const across = subtract(found[0]!, middle);
  const round = cross(normal, across);
  const angle = (one: PointLps): number => {
    const away = subtract(one, middle);
    return Math.atan2(dot(away, round), dot(away, across));
  };
  return found.sort((a, b) => angle(a) - angle(b));
}

function boxCorners(grid: ImageGrid, { min, max }: IndexBox): PointLps[] {
  return Array.from({ length: 8 }, (_, n) => {
    const at = (axis: 0 | 1 | 2): number => ((n >> axis) & 1 ? max[axis] : min[axis]) - 0.5;
    return grid.toLps([at(0), at(1), at(2)]);
  });
}
