/** How many steps from another label a pixel may be for its value to count. */
const BAND = 6;
/** Twice a mean over 2 · 7 + 1 pixels each way is a window about as wide as a Gaussian of 6. */
const RADIUS = 7;
const NORM = (2 * RADIUS + 1) ** 4;

/** Windowed sums of the pixels of a label near its outline on one drawn slice: of 1, of values and of their squares. */
export interface LocalSums {
  readonly u0: number;
  readonly v0: number;
  readonly w: number;
  readonly h: number;
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
}

/** What values the labels of a drawn slice have near their outlines, place by place. */
export function localValues(labels: Uint16Array, values: Float64Array, nu: number, nv: number): Map<number, LocalSums> {
  const steps = stepsToOther(labels, nu, nv);
  const boxes = new Map<number, [u0: number, v0: number, u1: number, v1: number]>();
  const counts = (n: number): boolean => steps[n]! <= BAND && !Number.isNaN(values[n]);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (!counts(n)) continue;
      const box = boxes.get(labels[n]!);
      if (!box) boxes.set(labels[n]!, [u, v, u + 1, v + 1]);
      else {
        box[0] = Math.min(box[0], u);
        box[2] = Math.max(box[2], u + 1);
        box[3] = v + 1;
      }
    }
  }
  const found = new Map<number, LocalSums>();
  for (const [label, box] of boxes) {
    const [u0, v0] = [Math.max(0, box[0] - 2 * RADIUS), Math.max(0, box[1] - 2 * RADIUS)];
    const [w, h] = [Math.min(nu, box[2] + 2 * RADIUS) - u0, Math.min(nv, box[3] + 2 * RADIUS) - v0];
    const sums = [0, 1, 2].map(() => new Float64Array(w * h)) as [Float64Array, Float64Array, Float64Array];
    for (let v = 0, to = 0; v < h; v++) {
      for (let u = 0; u < w; u++, to++) {
        const n = (v0 + v) * nu + u0 + u;
        if (labels[n] !== label || !counts(n)) continue;
        const value = values[n]!;
        sums[0][to] = 1;
        sums[1][to] = value;
        sums[2][to] = value * value;
      }
    }
    for (const own of sums) window(own, w, h);
    found.set(label, { u0, v0, w, h, sums });
  }
  return found;
}

/** Steps along rows and columns to the nearest pixel with another label; many where all are alike. */
export function stepsToOther(labels: Uint16Array, nu: number, nv: number): Uint16Array {
  const steps = new Uint16Array(labels.length).fill(60_000);
  const look = (n: number, other: number): void => {
    steps[n] = Math.min(steps[n]!, labels[n] === labels[other] ? steps[other]! + 1 : 1);
  };
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (u > 0) look(n, n - 1);
      if (v > 0) look(n, n - nu);
    }
  }
  for (let v = nv - 1, n = labels.length - 1; v >= 0; v--) {
    for (let u = nu - 1; u >= 0; u--, n--) {
      if (u < nu - 1) look(n, n + 1);
      if (v < nv - 1) look(n, n + nu);
    }
  }
  return steps;
}

/** Replaces values by a mean over a window that falls off linearly. */
function window(values: Float64Array, w: number, h: number): void {
  const line = new Float64Array(Math.max(w, h));
  for (let v = 0; v < h; v++) for (let twice = 0; twice < 2; twice++) running(values, v * w, 1, w, line);
  for (let u = 0; u < w; u++) for (let twice = 0; twice < 2; twice++) running(values, u, w, h, line);
  for (let n = 0; n < values.length; n++) values[n]! /= NORM;
}

/** Sums over RADIUS pixels on both sides along a line. Each is added up anew: a running sum would leave rests where there is nothing. */
function running(values: Float64Array, first: number, step: number, count: number, line: Float64Array): void {
  for (let n = 0; n < count; n++) line[n] = values[first + n * step]!;
  for (let n = 0; n < count; n++) {
    let sum = 0;
    const end = Math.min(count - 1, n + RADIUS);
    for (let m = Math.max(0, n - RADIUS); m <= end; m++) sum += line[m]!;
    values[first + n * step] = sum;
  }
}
