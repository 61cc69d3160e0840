/** Small fixed-size linear algebra. Vectors are tuples; an affine is 12 numbers, row-major 3×4. */

export type Vec3 = readonly [number, number, number];

/** Row-major 3×4: `[m00 m01 m02 t0  m10 m11 m12 t1  m20 m21 m22 t2]`. */
export type Affine = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vec3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** The unit vector along `a`; `a` itself when its length is 0. */
export function normalize(a: Vec3): Vec3 {
  const size = length(a);
  return size === 0 ? a : scale(a, 1 / size);
}

export function applyAffine(m: Affine, p: Vec3): Vec3 {
  return [
    m[0] * p[0] + m[1] * p[1] + m[2] * p[2] + m[3],
    m[4] * p[0] + m[5] * p[1] + m[6] * p[2] + m[7],
    m[8] * p[0] + m[9] * p[1] + m[10] * p[2] + m[11],
  ];
}

/** Applies the linear part only, as for directions. */
export function applyLinear(m: Affine, v: Vec3): Vec3 {
  return [
    m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
    m[4] * v[0] + m[5] * v[1] + m[6] * v[2],
    m[8] * v[0] + m[9] * v[1] + m[10] * v[2],
  ];
}

export function determinant(m: Affine): number {
  return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
}

/** Axes that span less of a box than this lie in a plane, as far as numbers of 53 bits tell. */
const FLAT = 1e-12;

/** The inverse affine, or undefined when `m` is singular or not finite. */
export function invertAffine(m: Affine): Affine | undefined {
  const det = determinant(m);
  // What the axes span beside a box of their lengths: neither the unit nor the offset counts.
  const [x, y, z] = [0, 1, 2].map((n) => Math.hypot(m[n]!, m[4 + n]!, m[8 + n]!)) as [number, number, number];
  const spans = Math.abs(det) > FLAT * x * y * z;
  if (!spans || !m.every(Number.isFinite)) return undefined;
  const a = (m[5] * m[10] - m[6] * m[9]) / det;
  const b = (m[2] * m[9] - m[1] * m[10]) / det;
  const c = (m[1] * m[6] - m[2] * m[5]) / det;
  const d = (m[6] * m[8] - m[4] * m[10]) / det;
  const e = (m[0] * m[10] - m[2] * m[8]) / det;
  const f = (m[2] * m[4] - m[0] * m[6]) / det;
  const g = (m[4] * m[9] - m[5] * m[8]) / det;
  const h = (m[1] * m[8] - m[0] * m[9]) / det;
  const i = (m[0] * m[5] - m[1] * m[4]) / det;
  return [
    a,
    b,
    c,
    -(a * m[3] + b * m[7] + c * m[11]),
    d,
    e,
    f,
    -(d * m[3] + e * m[7] + f * m[11]),
    g,
    h,
    i,
    -(g * m[3] + h * m[7] + i * m[11]),
  ];
}

/** `a ∘ b`: first b, then a. */
export function composeAffine(a: Affine, b: Affine): Affine {
  const column = (j: number): Vec3 => applyLinear(a, [b[j]!, b[4 + j]!, b[8 + j]!]);
  const x = column(0);
  const y = column(1);
  const z = column(2);
  const t = applyAffine(a, [b[3], b[7], b[11]]);
  return [x[0], y[0], z[0], t[0], x[1], y[1], z[1], t[1], x[2], y[2], z[2], t[2]];
}
