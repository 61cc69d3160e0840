import { cross, type Vec3 } from "#base";
import type { Symmetric3 } from "./moments.ts";

/** Smaller than this share of the largest moment is 0 but for rounding. */
const NOTHING = 1e-13;

/** Principal moments, ascending, and the unit vectors that belong to them. */
export interface Principal {
  readonly moments: readonly [number, number, number];
  readonly axes: readonly [Vec3, Vec3, Vec3];
}

/**
 * Eigenvalues and eigenvectors of a covariance matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5). Axes
 * are right-handed; the largest component of the first two is positive.
 */
export function principalOf([xx, yy, zz, xy, xz, yz]: Symmetric3): Principal {
  const a = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 30; sweep++) {
    if (Math.abs(a[0]![1]!) + Math.abs(a[0]![2]!) + Math.abs(a[1]![2]!) === 0) break;
    rotate(a, v, 0, 1);
    rotate(a, v, 0, 2);
    rotate(a, v, 1, 2);
  }
  const order = [0, 1, 2].sort((p, q) => a[p]![p]! - a[q]![q]!);
  const least = NOTHING * a[order[2]!]![order[2]!]!;
  const moment = (n: number): number => {
    const value = a[order[n]!]![order[n]!]!;
    return value <= least ? 0 : value;
  };
  const axis = (n: number): Vec3 => positive([v[0]![order[n]!]!, v[1]![order[n]!]!, v[2]![order[n]!]!]);
  const [first, second] = [axis(0), axis(1)];
  return { moments: [moment(0), moment(1), moment(2)], axes: [first, second, cross(first, second)] };
}

/** Makes a[p][q] zero. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const apq = a[p]![q]!;
  if (apq === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  a[p]![p]! -= t * apq;
  a[q]![q]! += t * apq;
  a[p]![q] = a[q]![p] = 0;
  const r = 3 - p - q;
  const [arp, arq] = [a[r]![p]!, a[r]![q]!];
  a[r]![p] = a[p]![r] = c * arp - s * arq;
  a[r]![q] = a[q]![r] = s * arp + c * arq;
  for (const row of v) {
    const [vp, vq] = [row[p]!, row[q]!];
    row[p] = c * vp - s * vq;
    row[q] = s * vp + c * vq;
  }
}

function positive(axis: Vec3): Vec3 {
  const largest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most));
  return largest < 0 ? [-axis[0], -axis[1], -axis[2]] : axis;
}
