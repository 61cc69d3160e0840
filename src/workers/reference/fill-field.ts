import { ROUNDS, type EdgeRatios } from "../fill/image-field.ts";
import type { DoubtfulPixel } from "./fill-doubt.ts";

/** One slice, as its neighbours see it. */
export interface SliceOfField {
  /** Labels as they are without the image. */
  readonly labels: Uint16Array;
  readonly values: Float32Array;
  /** Pixels whose label is not sure; the others are as they are. */
  readonly doubtful: readonly DoubtfulPixel[];
  /** Mean square of the steps between values of neighbouring pixels. */
  readonly step: number;
}

/** Chances of the labels of a pixel: its own first, and one other where it is doubtful. */
type Chances = ReadonlyMap<number, number>;

/**
 * Labels of slices that follow one another, decided by shape, image and neighbours together: a mean field of Potts' model. Every pixel has
 * chances of labels; in each round it hears those of its six neighbours, as far as values are alike.
 */
export function meanField(
  slices: readonly SliceOfField[],
  nu: number,
  nv: number,
  ratios: EdgeRatios,
  weight: number,
): Uint16Array[] {
  const neighbours = [
    [-1, 0, 0, ratios.u],
    [1, 0, 0, ratios.u],
    [0, -1, 0, ratios.v],
    [0, 1, 0, ratios.v],
    [0, 0, -1, ratios.z],
    [0, 0, 1, ratios.z],
  ] as const;
  const doubts = slices.map(({ doubtful }) => new Map(doubtful.map((pixel) => [pixel.at, pixel])));
  const chancesOf = (z: number, n: number, odds: number): Chances => {
    const doubt = doubts[z]!.get(n);
    const label = slices[z]!.labels[n]!;
    const own = doubt ? 1 / (1 + Math.exp(-odds)) : 1;
    return doubt
      ? new Map([
          [label, own],
          [doubt.rival, 1 - own],
        ])
      : new Map([[label, own]]);
  };
  const alone = (z: number, n: number): number => {
    const doubt = doubts[z]!.get(n);
    return doubt ? doubt.byShape + weight * doubt.byImage : 0;
  };
  const heard = (known: readonly Chances[][], z: number, n: number): number => {
    const [label, rival] = [...known[z]![n]!.keys()] as [number, number];
    const slice = slices[z]!;
    let sum = 0;
    for (const [du, dv, dz, ratio] of neighbours) {
      const [u, v] = [(n % nu) + du, Math.floor(n / nu) + dv];
      const other = slices[z + dz];
      if (!other || u < 0 || v < 0 || u >= nu || v >= nv) continue;
      const apart = slice.values[n]! - other.values[v * nu + u]!;
      if (Number.isNaN(apart)) continue;
      const alike = Math.exp(-(apart ** 2) / (Math.max(slice.step, other.step) || 1));
      const says = known[z + dz]![v * nu + u]!;
      sum += (alike / ratio ** 2) * ((says.get(label) ?? 0) - (says.get(rival) ?? 0));
    }
    return sum;
  };
  let known = slices.map(({ labels }, z) => Array.from(labels, (_, n) => chancesOf(z, n, alone(z, n))));
  for (let round = 0; round < ROUNDS; round++) {
    const before = known;
    known = before.map((own, z) =>
      own.map((chances, n) => (doubts[z]!.has(n) ? chancesOf(z, n, alone(z, n) + heard(before, z, n)) : chances)),
    );
  }
  return known.map((own, z) =>
    slices[z]!.labels.map((label, n) => (own[n]!.get(label)! < 0.5 ? doubts[z]!.get(n)!.rival : label)),
  );
}
