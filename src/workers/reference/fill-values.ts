/** Weight of a neighbour along a row or a column: a Gaussian of 0.7 pixels. */
const NEIGHBOUR = Math.exp(-1 / (2 * 0.7 ** 2));
const CORNER = NEIGHBOUR * NEIGHBOUR;
const ALL = 1 + 4 * NEIGHBOUR + 4 * CORNER;
/** More steps than any slice has. */
const MANY = 60_000;

const f32 = Math.fround;

/** A slice smoothed over its eight neighbours, in f32; what is not finite takes no part and is NaN. */
export function smoothed(values: Float32Array, nu: number, nv: number): Float32Array {
  return values.map((own, n) => {
    const [u, v] = [n % nu, Math.floor(n / nu)];
    if (u > 0 && v > 0 && u + 1 < nu && v + 1 < nv) {
      const at = (du: number, dv: number): number => values[n + dv * nu + du]!;
      const sides = f32(f32(at(-1, 0) + at(1, 0)) + f32(at(0, -1) + at(0, 1)));
      const corners = f32(f32(at(-1, -1) + at(1, 1)) + f32(at(-1, 1) + at(1, -1)));
      const sum = f32(f32(own + f32(sides * f32(NEIGHBOUR))) + f32(corners * f32(CORNER)));
      const mean = f32(sum / f32(ALL));
      if (Number.isFinite(mean)) return mean;
    }
    return Number.isFinite(own) ? amongFinite(values, nu, nv, u, v) : Number.NaN;
  });
}

function amongFinite(values: Float32Array, nu: number, nv: number, u: number, v: number): number {
  let [sum, weights] = [0, 0];
  for (let y = Math.max(0, v - 1); y <= Math.min(nv - 1, v + 1); y++) {
    for (let x = Math.max(0, u - 1); x <= Math.min(nu - 1, u + 1); x++) {
      const value = values[y * nu + x]!;
      if (!Number.isFinite(value)) continue;
      const weight = (x === u ? 1 : NEIGHBOUR) * (y === v ? 1 : NEIGHBOUR);
      sum += weight * value;
      weights += weight;
    }
  }
  return sum / weights;
}

/** Steps along rows and columns to the nearest pixel with another label; many where all are alike. */
export function stepsToOther(labels: Uint16Array, nu: number, nv: number): Uint16Array {
  const steps = new Uint16Array(labels.length).fill(MANY);
  const differs = (n: number, m: number): boolean => labels[n] !== labels[m];
  const relax = (n: number, m: number): void => {
    steps[n] = Math.min(steps[n]!, differs(n, m) ? 1 : steps[m]! + 1);
  };
  for (let n = 0; n < labels.length; n++) {
    if (n % nu > 0) relax(n, n - 1);
    if (n >= nu) relax(n, n - nu);
  }
  for (let n = labels.length - 1; n >= 0; n--) {
    if (n % nu < nu - 1) relax(n, n + 1);
    if (n < nu * (nv - 1)) relax(n, n + nu);
  }
  return steps;
}
