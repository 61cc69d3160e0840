import type { Dims } from "#volume";
import { readScan } from "../../../src/bench/scan.ts";
import { inlineKernels } from "./kernels.ts";
import { type OracleSource, sourcePath } from "./oracles.ts";
import { flattenMask } from "./volumes.ts";

/* Label maps as the oracles in tests/oracles/measure make them. */

export interface DenseLabels {
  readonly dims: Dims;
  readonly labels: ArrayLike<number>;
}

/** Labels of a file; of the sample the lungs, grown from a seed. */
export async function oracleLabels(source: OracleSource): Promise<DenseLabels> {
  const { dims, dense, image } = await readScan(sourcePath(source));
  if (!source.path.endsWith(".mha")) return { dims, labels: dense };
  const request = { seeds: [[50, 80, 60]], range: { low: -1100, high: -400 }, connectivity: 6, segment: 1 } as const;
  return { dims, labels: flattenMask(dims, (await inlineKernels().grow(image, request)).bricks) };
}

/** Voxel p gets the label of p − step; what comes from outside is background. */
export function shifted({ dims, labels }: DenseLabels, [di, dj, dk]: Dims): Uint16Array {
  const [ni, nj, nk] = dims;
  const moved = new Uint16Array(ni * nj * nk);
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) {
        const [x, y, z] = [i - di, j - dj, k - dk];
        if (x >= 0 && y >= 0 && z >= 0 && x < ni && y < nj && z < nk) moved[n] = labels[(z * nj + y) * ni + x]!;
      }
    }
  }
  return moved;
}

/** The largest label of a voxel and its six neighbours. */
export function grown({ dims, labels }: DenseLabels): Uint16Array {
  const steps: readonly Dims[] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ];
  const most = Uint16Array.from(labels);
  for (const step of steps) {
    const moved = shifted({ dims, labels }, step);
    for (let n = 0; n < most.length; n++) most[n] = Math.max(most[n]!, moved[n]!);
  }
  return most;
}
