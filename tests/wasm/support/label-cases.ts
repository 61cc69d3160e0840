import type { Dims } from "#volume";
import type { SpacingMm } from "#workers";
import { flatVolume, randomFrom } from "./volumes.ts";

/** A small label map that a kernel could get wrong. */
export interface LabelCase {
  readonly name: string;
  readonly dims: Dims;
  readonly labels: Uint16Array;
}

function drawn(name: string, dims: Dims, value: (i: number, j: number, k: number) => number): LabelCase {
  return { name, dims, labels: flatVolume(dims, "uint16", value).voxels as Uint16Array };
}

/** Balls and blocks of a few labels, some touching, drawn from a seed. */
export function randomShapes(seed: number, dims: Dims, count: number, labels: readonly number[]): LabelCase {
  const random = randomFrom(seed);
  const shapes = Array.from({ length: count }, () => ({
    center: dims.map((n) => random() * n),
    radius: dims.map((n) => 0.5 + random() * n * 0.3),
    block: random() < 0.4,
    label: labels[Math.floor(random() * labels.length)]!,
  }));
  return drawn(`shapes, seed ${seed}`, dims, (...ijk) => {
    let label = 0;
    for (const { center, radius, block, label: own } of shapes) {
      const away = ijk.map((n, axis) => Math.abs(n - center[axis]!) / radius[axis]!);
      if (block ? Math.max(...away) <= 1 : Math.hypot(...away) <= 1) label = own;
    }
    return label;
  });
}

export function randomVoxels(seed: number, dims: Dims, share: number, labels: readonly number[]): LabelCase {
  const random = randomFrom(seed);
  return drawn(`voxels with share ${share}, seed ${seed}`, dims, () =>
    random() < share ? labels[Math.floor(random() * labels.length)]! : 0,
  );
}

const inBrick: Dims = [20, 18, 9];

/** Spacings that the table is gone through with, in turn. */
export const caseSpacings: readonly SpacingMm[] = [
  [1, 1, 1],
  [0.7, 0.9, 2.5],
  [10, 0.1, 3],
];

/** The table that every kernel on labels goes through. */
export const labelCases: readonly LabelCase[] = [
  drawn("empty", inBrick, () => 0),
  drawn("full", inBrick, () => 3),
  drawn("full of two labels", inBrick, (i) => (i < 9 ? 3 : 7)),
  drawn("one voxel", inBrick, (i, j, k) => (i === 7 && j === 5 && k === 4 ? 9 : 0)),
  drawn("one voxel in a corner", inBrick, (i, j, k) => (i === 19 && j === 17 && k === 8 ? 65_535 : 0)),
  drawn("all but one voxel", inBrick, (i, j, k) => (i === 7 && j === 5 && k === 4 ? 0 : 2)),
  drawn("every border of the volume", inBrick, (i, j, k) =>
    i === 0 || j === 0 || k === 0 || i === 19 || j === 17 || k === 8 ? 1 : 0,
  ),
  drawn("planes one voxel thick", inBrick, (i, j) => (i === 6 ? 1 : j === 11 ? 2 : 0)),
  drawn("one slice", [33, 21, 1], (i, j) => (Math.hypot(i - 15, j - 10) < 7 ? 1 : 0)),
  drawn("one row", [130, 1, 1], (i) => (i > 40 && i < 90 ? 4 : i === 120 ? 5 : 0)),
  drawn("one column", [1, 1, 40], (_i, _j, k) => (k > 10 && k < 25 ? 4 : 0)),
  drawn("borders of bricks along i and j", [67, 66, 4], (i, j, k) =>
    (i === 63 && j < 30) || (j === 64 && k > 1) ? 2 : i === 64 && j < 30 ? 6 : 0,
  ),
  drawn("borders of bricks along k", [6, 5, 130], (i, j, k) =>
    k > 60 && k < 64 ? 2 : k === 64 && i < 3 ? 6 : k === 128 && j > 2 ? 7 : 0,
  ),
  randomShapes(1, [31, 26, 17], 12, [1, 2, 3, 40_000]),
  randomShapes(2, [40, 12, 22], 6, [5, 6]),
  randomVoxels(3, [24, 20, 15], 0.02, [1, 2]),
  randomVoxels(4, [24, 20, 15], 0.5, [1, 2, 3]),
  randomVoxels(5, [18, 21, 16], 0.95, [4]),
];
