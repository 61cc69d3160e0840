/** A value at a place of a grid, in nodes. */
export interface PlacedValue {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly value: number;
}

/**
 * What the field's energy, the sum of squared second differences (mixed ones twice) plus `weight` times the squared misses at samples,
 * changes by at each node when that node is raised: half the gradient. All 0 where the field is the one that bends least.
 */
export function bendingGradientReference(
  field: ArrayLike<number>,
  [nx, ny, nz]: readonly [number, number, number],
  samples: readonly PlacedValue[],
  weight: number,
): Float64Array {
  const gradient = new Float64Array(nx * ny * nz);
  const node = (x: number, y: number, z: number): number => (z * ny + y) * nx + x;
  const inside = (x: number, y: number, z: number): boolean => x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz;
  /** A difference is a sum of nodes with factors; its square counts `times`. */
  const term = (nodes: readonly (readonly [number, number])[], times: number, aim = 0): void => {
    const miss = nodes.reduce((sum, [at, factor]) => sum + factor * field[at]!, 0) - aim;
    for (const [at, factor] of nodes) gradient[at]! += times * factor * miss;
  };
  const steps = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        for (const [a, [ax, ay, az]] of steps.entries()) {
          if (inside(x - ax, y - ay, z - az) && inside(x + ax, y + ay, z + az)) {
            const ends = [node(x - ax, y - ay, z - az), node(x + ax, y + ay, z + az)] as const;
            term(
              [
                [ends[0], 1],
                [node(x, y, z), -2],
                [ends[1], 1],
              ],
              1,
            );
          }
          for (const [bx, by, bz] of steps.slice(a + 1)) {
            if (!inside(x + ax + bx, y + ay + by, z + az + bz)) continue;
            term(
              [
                [node(x, y, z), 1],
                [node(x + ax, y + ay, z + az), -1],
                [node(x + bx, y + by, z + bz), -1],
                [node(x + ax + bx, y + ay + by, z + az + bz), 1],
              ],
              2,
            );
          }
        }
      }
    }
  }
  for (const { x, y, z, value } of samples) {
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const corners: [number, number][] = [];
    for (let corner = 0; corner < 8; corner++) {
      const [u, v, w] = [corner & 1, (corner >> 1) & 1, corner >> 2];
      const share = (u ? x - i : 1 - x + i) * (v ? y - j : 1 - y + j) * (w ? z - k : 1 - z + k);
      corners.push([node(i + u, j + v, k + w), share]);
    }
    term(corners, weight, value);
  }
  return gradient;
}
