import { type Affine, applyLinear, type Vec3 } from "#base";
import type { IndexBox, IndexIjk } from "#volume";
import { SUMS_WORDS } from "./statistics.ts";

/** Voxels of one segment and exact sums of their indices: 1, i, j, k, ii, jj, kk, ij, ik, jk; and the box of the indices. */
export interface IndexSums {
  readonly sums: readonly bigint[];
  readonly box: IndexBox;
}

const COUNT = 10;

/** A row of the first pass; undefined without voxels. */
export function readSums(rows: BigInt64Array<ArrayBuffer>, row: number): IndexSums | undefined {
  const at = row * SUMS_WORDS;
  const sums = Array.from({ length: COUNT }, (_, n) => rows[at + n]!);
  if (sums[0] === 0n) return undefined;
  const [i0, j0, k0, i1, j1, k1] = new Int32Array(rows.buffer, (at + COUNT) * 8, 6);
  return { sums, box: { min: [i0!, j0!, k0!], max: [i1! + 1, j1! + 1, k1! + 1] } };
}

export function mergeIndexSums(a: IndexSums | undefined, b: IndexSums): IndexSums {
  if (!a) return b;
  return { sums: a.sums.map((sum, n) => sum + b.sums[n]!), box: mergeBoxes(a.box, b.box) };
}

/** The smallest box that holds both. */
export function mergeBoxes(a: IndexBox, b: IndexBox): IndexBox {
  const pick = (choose: (x: number, y: number) => number, x: Vec3, y: Vec3): Vec3 => [
    choose(x[0], y[0]),
    choose(x[1], y[1]),
    choose(x[2], y[2]),
  ];
  return { min: pick(Math.min, a.min, b.min), max: pick(Math.max, a.max, b.max) };
}

export function centroidOf({ sums }: Pick<IndexSums, "sums">): IndexIjk {
  const voxels = sums[0]!;
  // The whole part apart, so that no digit of a large sum is lost.
  const mean = (sum: bigint): number => Number(sum / voxels) + Number(sum % voxels) / Number(voxels);
  return [mean(sums[1]!), mean(sums[2]!), mean(sums[3]!)];
}

/** A symmetric 3×3 matrix: xx, yy, zz, xy, xz, yz. */
export type Symmetric3 = readonly [number, number, number, number, number, number];

/** Covariance of voxel centres in LPS square millimetres, population. Differences are taken in whole numbers before any rounding. */
export function covarianceLps({ sums }: IndexSums, indexToLps: Affine): Symmetric3 {
  const [n, i, j, k, ii, jj, kk, ij, ik, jk] = sums as unknown as bigint[];
  const central = (product: bigint, a: bigint, b: bigint): number =>
    Number(n! * product - a * b) / Number(n!) / Number(n!);
  const c: Symmetric3 = [
    central(ii!, i!, i!),
    central(jj!, j!, j!),
    central(kk!, k!, k!),
    central(ij!, i!, j!),
    central(ik!, i!, k!),
    central(jk!, j!, k!),
  ];
  // M C Mᵀ, by the columns of C Mᵀ.
  const row = (axis: 0 | 1 | 2): Vec3 => [indexToLps[axis * 4]!, indexToLps[axis * 4 + 1]!, indexToLps[axis * 4 + 2]!];
  const column = (axis: 0 | 1 | 2): Vec3 => {
    const [x, y, z] = row(axis);
    return applyLinear(indexToLps, [
      c[0] * x + c[3] * y + c[4] * z,
      c[3] * x + c[1] * y + c[5] * z,
      c[4] * x + c[5] * y + c[2] * z,
    ]);
  };
  const [a, b, d] = [column(0), column(1), column(2)];
  return [a[0], b[1], d[2], a[1], a[2], b[2]];
}
