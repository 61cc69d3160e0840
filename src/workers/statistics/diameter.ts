import type { Pacer } from "../pacer.ts";

/** Pairs looked at between looks at events. */
const PAIRS_AT_ONCE = 2 ** 20;

/** Points as an array for each coordinate. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/**
 * Largest distance between two points. They are tried from the outermost inwards: two points lie no farther apart than their
 * distances to the middle together, which ends the search early unless the points lie on a sphere.
 */
export async function diameterOf(points: Points, pacer: Pacer): Promise<number> {
  const radius = radiiOf(points);
  const order = new Uint32Array(radius.length);
  for (let n = 0; n < order.length; n++) order[n] = n;
  order.sort((a, b) => radius[b]! - radius[a]!);
  const [x, y, z, r] = [
    inOrder(points.x, order),
    inOrder(points.y, order),
    inOrder(points.z, order),
    inOrder(radius, order),
  ];
  let best = 0;
  let pairs = 0;
  for (let a = 0; a < order.length; a++) {
    // 1e-12 is more than rounding can take away from a bound.
    let reach = Math.sqrt(best) * (1 - 1e-12) - r[a]!;
    if (r[a]! < reach) break;
    const [ax, ay, az] = [x[a]!, y[a]!, z[a]!];
    let b = a + 1;
    for (; b < order.length && r[b]! >= reach; b++) {
      const dx = ax - x[b]!;
      const dy = ay - y[b]!;
      const dz = az - z[b]!;
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared <= best) continue;
      best = squared;
      reach = Math.sqrt(best) * (1 - 1e-12) - r[a]!;
    }
    pairs += b - a;
    if (pairs > PAIRS_AT_ONCE) {
      pairs = 0;
      await pacer.pause(a / order.length, "Measuring diameters");
    }
  }
  return Math.sqrt(best);
}

function inOrder(values: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let n = 0; n < order.length; n++) sorted[n] = values[order[n]!]!;
  return sorted;
}

/** Distances from the middle of the points' box. */
function radiiOf({ x, y, z }: Points): Float64Array {
  const [mx, my, mz] = [middleOf(x), middleOf(y), middleOf(z)];
  const radius = new Float64Array(x.length);
  for (let n = 0; n < radius.length; n++) {
    radius[n] = Math.sqrt((x[n]! - mx) ** 2 + (y[n]! - my) ** 2 + (z[n]! - mz) ** 2);
  }
  return radius;
}

function middleOf(values: Float64Array): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return (low + high) / 2;
}
