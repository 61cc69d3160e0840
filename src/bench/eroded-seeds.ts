import type { Dims } from "#volume";

/**
 * Seeds out of labels drawn by hand: voxels further than `millimetres` from every voxel of another label, and as one label more
 * those of background whose distance to the nearest label is in `ring` (above the first, up to the second). Distances go between
 * centres. The same as `eroded` in tests/oracles/seeds.py, by looking around every border voxel.
 */
export function erodedSeeds(
  labels: ArrayLike<number>,
  dims: Dims,
  spacingMm: Dims,
  millimetres: number,
  ring: readonly [number, number],
): Uint16Array {
  const [ni, nj, nk] = dims;
  const around = offsetsWithin(Math.max(millimetres, ring[1]), spacingMm);
  const faces = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ] as const;
  const distances = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const at = (i: number, j: number, k: number) =>
    i < 0 || j < 0 || k < 0 || i >= ni || j >= nj || k >= nk ? -1 : (k * nj + j) * ni + i;
  let last = 1;
  for (let n = 0; n < labels.length; n++) {
    last = Math.max(last, labels[n]! + 1);
    const [i, j, k] = [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))] as const;
    // The nearest voxel of another label always has one beside it that is nearer, and so not of that label: it is on a border.
    const border = faces.some(([di, dj, dk]) => {
      const m = at(i + di, j + dj, k + dk);
      return m >= 0 && labels[m] !== labels[n];
    });
    if (!border) continue;
    for (const { di, dj, dk, mm } of around) {
      const m = at(i + di, j + dj, k + dk);
      if (m >= 0 && labels[m] !== labels[n] && mm < distances[m]!) distances[m] = mm;
    }
  }
  return Uint16Array.from(distances, (distance, n) => {
    if (labels[n] !== 0) return distance > millimetres ? labels[n]! : 0;
    return distance > ring[0] && distance <= ring[1] ? last : 0;
  });
}

function offsetsWithin(millimetres: number, [si, sj, sk]: Dims) {
  const found: { di: number; dj: number; dk: number; mm: number }[] = [];
  const [ri, rj, rk] = [si, sj, sk].map((size) => Math.floor(millimetres / size)) as [number, number, number];
  for (let dk = -rk; dk <= rk; dk++) {
    for (let dj = -rj; dj <= rj; dj++) {
      for (let di = -ri; di <= ri; di++) {
        const mm = Math.hypot(di * si, dj * sj, dk * sk);
        if (mm > 0 && mm <= millimetres) found.push({ di, dj, dk, mm });
      }
    }
  }
  return found;
}
