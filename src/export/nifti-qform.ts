import {
  type Affine,
  applyAffine,
  cross,
  determinant,
  dot,
  length,
  normalize,
  scale,
  subtract,
  type Vec3,
} from "#base";
import type { ImageGrid } from "#volume";

/** NIfTI's method 2 of saying where voxels lie (nifti1.h): quaternion (b, c, d), offset in RAS, sign of the third axis. */
export interface Qform {
  readonly quaternion: Vec3;
  readonly offset: Vec3;
  readonly qfac: 1 | -1;
}

/** Largest error at a corner of the volume that a qform may have, in mm; float32 quaternions near 180° need this much. */
const TOLERANCE_MM = 0.1;

/**
 * The qform of a grid, or undefined when a rotation and a spacing cannot say where its voxels lie (shear). `round` is the
 * precision of the header: what a reader will make of the rounded numbers is what is checked.
 */
export function qformOf(grid: ImageGrid, round: (value: number) => number): Qform | undefined {
  const toRas = (v: Vec3): Vec3 => [-v[0], -v[1], v[2]];
  const axes = [0, 1, 2].map((axis) => toRas(grid.axis(axis))) as [Vec3, Vec3, Vec3];
  const qfac = dot(axes[0], cross(axes[1], axes[2])) < 0 ? -1 : 1;
  const x = normalize(axes[0]);
  const y = normalize(subtract(axes[1], scale(x, dot(x, axes[1]))));
  const quaternion = quaternionOf(x, y, cross(x, y)).map(round) as unknown as Vec3;
  const offset = toRas(grid.toLps([0, 0, 0])).map(round) as unknown as Vec3;
  const spacing = axes.map((axis) => round(length(axis))) as unknown as Vec3;
  const read = affineOf(quaternion, offset, spacing, qfac);
  if (determinant(read) === 0) return undefined;
  for (let corner = 0; corner < 8; corner++) {
    const index = grid.dims.map((n, axis) => ((corner >> axis) & 1 ? n - 1 : 0)) as unknown as Vec3;
    const error = length(subtract(applyAffine(read, index), toRas(grid.toLps(index))));
    if (error > TOLERANCE_MM) return undefined;
  }
  return { quaternion, offset, qfac };
}

/** Unit quaternion of the rotation with columns x, y, z: (b, c, d), with a = √(1 − b² − c² − d²) ≥ 0. */
function quaternionOf(x: Vec3, y: Vec3, z: Vec3): Vec3 {
  const trace = x[0] + y[1] + z[2];
  const sqrt = (value: number): number => Math.sqrt(Math.max(value, 0));
  let a = 0.5 * sqrt(1 + trace);
  let b = 0.5 * sqrt(1 + x[0] - y[1] - z[2]);
  let c = 0.5 * sqrt(1 - x[0] + y[1] - z[2]);
  let d = 0.5 * sqrt(1 - x[0] - y[1] + z[2]);
  // The largest part is exact; the others follow from it with their signs.
  const largest = Math.max(a, b, c, d);
  if (largest === a) [b, c, d] = [(y[2] - z[1]) / (4 * a), (z[0] - x[2]) / (4 * a), (x[1] - y[0]) / (4 * a)];
  else if (largest === b) [a, c, d] = [(y[2] - z[1]) / (4 * b), (x[1] + y[0]) / (4 * b), (z[0] + x[2]) / (4 * b)];
  else if (largest === c) [a, b, d] = [(z[0] - x[2]) / (4 * c), (x[1] + y[0]) / (4 * c), (y[2] + z[1]) / (4 * c)];
  else [a, b, c] = [(x[1] - y[0]) / (4 * d), (z[0] + x[2]) / (4 * d), (y[2] + z[1]) / (4 * d)];
  return a < 0 ? [-b, -c, -d] : [b, c, d];
}

/** The affine a reader makes of a qform, as nifti_quatern_to_mat44 does, index to RAS. */
function affineOf([b, c, d]: Vec3, offset: Vec3, spacing: Vec3, qfac: 1 | -1): Affine {
  const rest = 1 - (b * b + c * c + d * d);
  const norm = rest < 1e-7 ? 1 / Math.hypot(b, c, d) : 1;
  const a = rest < 1e-7 ? 0 : Math.sqrt(rest);
  [b, c, d] = [b * norm, c * norm, d * norm];
  const [si, sj, sk] = [spacing[0], spacing[1], spacing[2] * qfac];
  return [
    (a * a + b * b - c * c - d * d) * si,
    2 * (b * c - a * d) * sj,
    2 * (b * d + a * c) * sk,
    offset[0],
    2 * (b * c + a * d) * si,
    (a * a + c * c - b * b - d * d) * sj,
    2 * (c * d - a * b) * sk,
    offset[1],
    2 * (b * d - a * c) * si,
    2 * (c * d + a * b) * sj,
    (a * a + d * d - c * c - b * b) * sk,
    offset[2],
  ];
}
