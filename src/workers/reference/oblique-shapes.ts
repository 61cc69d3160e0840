/** Signed distances on an annotated plane, in steps of 1/64 pixel. */
export interface PlacedField {
  readonly u0: number;
  readonly v0: number;
  readonly w: number;
  readonly h: number;
  readonly values: ArrayLike<number>;
}

/** What a shape is made with on one slice of the stack; `fields` and `bulge` in 1/16384. */
export interface ShapeWeights {
  readonly fields: readonly [number, number, number, number];
  readonly bulge: readonly [growing: number, dwindling: number];
  readonly path: readonly [number, number, number, number];
  readonly shrunk: readonly [from: number, to: number];
}

/** A shape between two planes of a stack, as its record has it. */
export interface StackShape {
  readonly kind: "linked" | "lone-from" | "lone-to";
  /** 0 for the union. */
  readonly segment: number;
  readonly shared: boolean;
  readonly from: number;
  readonly to: number;
  /** Before, from, to, after. */
  readonly fields: readonly (PlacedField | undefined)[];
  readonly places: readonly (readonly [u: number, v: number])[];
  /** u0, v0, u1, v1 (outside), and pixels around it that are looked at. */
  readonly box: readonly [number, number, number, number];
  readonly margin: number;
  readonly radius: number;
  /** Values below which those of the fields before and from, and to and after, do not count. */
  readonly least: readonly [from: number, to: number];
  /** For every slice from `from` to `to`. */
  readonly weights: readonly ShapeWeights[];
}

/** Where pixels of a slice lie in the stack: x, y and slice of pixel (0, 0), and what a step along u, and along v, adds. */
export type StackPlaces = readonly [start: Triple, alongU: Triple, alongV: Triple];
type Triple = readonly [x: number, y: number, z: number];

/** Less than any value. */
const LEAST = -(2 ** 30);

/** The contest of a stack's shapes on a slice of nu × nv, one pixel after the other: best value, its segment, the union's value. */
export function obliqueShapesReference(shapes: readonly StackShape[], places: StackPlaces, nu: number, nv: number) {
  const best = new Int32Array(nu * nv).fill(LEAST);
  const union = new Int32Array(nu * nv).fill(LEAST);
  const labels = new Uint16Array(nu * nv);
  const [start, alongU, alongV] = places;
  for (let n = 0; n < nu * nv; n++) {
    const [u, v] = [n % nu, Math.floor(n / nu)];
    const at = (part: 0 | 1 | 2): number => start[part] + v * alongV[part] + u * alongU[part];
    for (const shape of shapes) {
      const value = valueAt(shape, at(0), at(1), at(2));
      if (value === undefined) continue;
      if (shape.segment === 0) {
        union[n] = Math.max(union[n]!, value);
        continue;
      }
      const may = value > 0 || (shape.shared && value + union[n]! > 0);
      if (!may || value <= best[n]!) continue;
      best[n] = value;
      labels[n] = shape.segment;
    }
  }
  return { best, union, labels };
}

/** A shape's value, in 1/16384 of a step, at a place of the stack; undefined where it has none. */
function valueAt(shape: StackShape, x: number, y: number, z: number): number | undefined {
  const { kind, from, to, box, margin, fields, radius } = shape;
  const around = kind === "linked" ? margin : 1;
  if (z < from || z > to) return undefined;
  if (x < box[0] - around || x > box[2] - 1 + around || y < box[1] - around || y > box[3] - 1 + around)
    return undefined;
  const weights = shape.weights[Math.min(to - from, Math.max(0, Math.floor(z - from + 0.5)))]!;
  if (kind !== "linked") {
    const shrunk = weights.shrunk[kind === "lone-from" ? 0 : 1];
    if (shrunk >= 1) return undefined;
    return fieldAt(fields[1]!, steps(x), steps(y)) * 16384 - Math.floor(radius * shrunk * 16384 + 0.5);
  }
  const place = (part: 0 | 1): number =>
    weights.path.reduce((sum, weight, n) => sum + weight * shape.places[n]![part], 0);
  const whole = fields.map((field, n) => {
    const moved = (part: 0 | 1): number => steps(shape.places[n]![part] - place(part));
    return field && fieldAt(field, steps(x) + moved(0), steps(y) + moved(1));
  });
  // Six pixels outside on both planes where the union may help, two where it may not.
  if (Math.max(whole[1]!, whole[2]!) < (shape.shared ? -6 : -2) * 64) return undefined;
  const own = whole.map((value, n) => value && Math.max(value, shape.least[n < 2 ? 0 : 1]));
  const [a, b] = [own[1]!, own[2]!];
  const blended = own.reduce((sum: number, value, n) => sum + (value ?? 0) * weights.fields[n]!, 0);
  return blended + Math.abs(a - b) * weights.bulge[b > a ? 0 : 1];
}

/** Steps of 1/128 pixel. */
function steps(pixels: number): number {
  return Math.floor(pixels * 128 + 0.5);
}

/** A field at a place in steps of 1/128 pixel, bilinearly and rounded; beyond its edge its value there. */
function fieldAt({ u0, v0, w, h, values }: PlacedField, x: number, y: number): number {
  const [i, j] = [Math.floor(x / 128) - u0, Math.floor(y / 128) - v0];
  const [a, b] = [((x % 128) + 128) % 128, ((y % 128) + 128) % 128];
  const pixel = (u: number, v: number): number =>
    values[Math.min(Math.max(v, 0), h - 1) * w + Math.min(Math.max(u, 0), w - 1)]!;
  const row = (v: number): number => pixel(i, v) * (128 - a) + pixel(i + 1, v) * a;
  return Math.floor((row(j) * (128 - b) + row(j + 1) * b + 8192) / 16384);
}
