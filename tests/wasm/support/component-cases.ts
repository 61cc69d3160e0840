import type { Dims } from "#volume";
import { serpentine } from "./growth-cases.ts";
import { flatVolume, randomFrom } from "./volumes.ts";

/** A flat label map with a name for the test's title. */
export interface LabelCase {
  readonly name: string;
  readonly dims: Dims;
  readonly labels: Uint16Array;
}

function labelCase(name: string, dims: Dims, value: (i: number, j: number, k: number) => number): LabelCase {
  return { name, dims, labels: flatVolume(dims, "uint16", value).voxels as Uint16Array };
}

function dots(name: string, dims: Dims, voxels: readonly (readonly [...Dims, number])[]): LabelCase {
  const labels = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (const [i, j, k, label] of voxels) labels[(k * dims[1] + j) * dims[0] + i] = label;
  return { name, dims, labels };
}

/** Random labels 1 to `segments`, each voxel labelled with a chance of `share`, in runs of up to `longest` along i. */
export function randomLabels(seed: number, dims: Dims, share: number, segments: number, longest = 1): LabelCase {
  const random = randomFrom(seed);
  const labels = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let at = 0; at < labels.length; ) {
    const end = Math.min(labels.length, at + 1 + Math.floor(random() * longest));
    if (random() < share) labels.fill(1 + Math.floor(random() * segments), at, end);
    at = end;
  }
  const name = `random labels, share ${share}, ${segments} segments, runs of ${longest}, seed ${seed}`;
  return { name, dims, labels };
}

function cases(): LabelCase[] {
  const list: LabelCase[] = [
    labelCase("nothing", [70, 70, 70], () => 0),
    labelCase("a volume of one voxel", [1, 1, 1], () => 65_535),
    labelCase("a full brick", [64, 64, 64], () => 1),
    labelCase("a full volume of many bricks", [130, 129, 65], () => 9),
    dots("one voxel", [70, 70, 70], [[64, 63, 64, 3]]),
    dots(
      "all corners of the volume",
      [130, 66, 65],
      [0, 129].flatMap((i) => [0, 65].flatMap((j) => [0, 64].map((k) => [i, j, k, 2] as const))),
    ),
    labelCase("rows", [200, 1, 1], (i) => (i % 70 === 0 ? 0 : 1 + (i % 2))),
    labelCase("a column along j", [1, 200, 1], (_i, j) => (j % 70 === 0 ? 0 : 4)),
    labelCase("a column along k", [1, 1, 200], (_i, _j, k) => (k % 70 === 0 ? 0 : 4)),
    labelCase("a layer across k, chequered", [130, 130, 1], (i, j) => (i + j) % 2),
    labelCase("a layer across i, chequered", [1, 130, 130], (_i, j, k) => (j + k) % 2),
    labelCase("a layer across j, chequered", [130, 1, 130], (i, _j, k) => (i + k) % 2),
    labelCase("chequers in three directions", [66, 20, 67], (i, j, k) => (i + j + k) % 2),
    labelCase("two segments, every other voxel", [20, 65, 67], (i, j, k) => 1 + ((i + j + k) % 2)),
    labelCase("a frame round every brick face", [130, 130, 130], (i, j, k) =>
      [i, j, k].some((n) => n % 64 === 0 || n % 64 === 63) ? 5 : 0,
    ),
    labelCase("shells in shells", [90, 90, 90], (i, j, k) => {
      const r = Math.floor(Math.hypot(i - 44, j - 44, k - 44) / 4);
      return r % 2 === 0 && r < 12 ? 1 + (r % 3) : 0;
    }),
    { name: "a serpentine", dims: [70, 70, 70], labels: Uint16Array.from(serpentine(70).voxels) },
    labelCase("slabs of other segments, one voxel apart", [70, 70, 130], (_i, _j, k) => [0, 1, 2, 2, 1][k % 5]!),
  ];
  const across: readonly (readonly [string, Dims, Dims])[] = [
    ["i faces", [63, 20, 20], [64, 20, 20]],
    ["j faces", [20, 63, 20], [20, 64, 20]],
    ["k faces", [20, 20, 63], [20, 20, 64]],
    ["ij edges", [63, 63, 20], [64, 64, 20]],
    ["ij edges the other way", [64, 63, 20], [63, 64, 20]],
    ["ik edges", [63, 20, 63], [64, 20, 64]],
    ["ik edges the other way", [64, 20, 63], [63, 20, 64]],
    ["jk edges", [20, 63, 63], [20, 64, 64]],
    ["jk edges the other way", [20, 64, 63], [20, 63, 64]],
    ["i faces, a row apart", [63, 20, 20], [64, 21, 20]],
    ["i faces, a slice apart", [63, 20, 21], [64, 20, 20]],
    ["i faces, a row and a slice apart", [63, 20, 21], [64, 21, 20]],
    ["j faces, a column and a slice apart", [20, 63, 21], [21, 64, 20]],
    ["k faces, a column and a row apart", [20, 21, 63], [21, 20, 64]],
    ["ij edges, a slice apart", [63, 63, 20], [64, 64, 21]],
    ["jk edges, a column apart", [20, 63, 64], [21, 64, 63]],
    ["corners", [63, 63, 63], [64, 64, 64]],
    ["corners the other way", [64, 63, 63], [63, 64, 64]],
    ["corners the third way", [63, 64, 63], [64, 63, 64]],
    ["corners the fourth way", [64, 64, 63], [63, 63, 64]],
    ["rows of a brick, diagonally", [20, 20, 20], [21, 21, 20]],
    ["rows of a brick, diagonally back", [21, 20, 20], [20, 21, 20]],
    ["slices of a brick, diagonally", [20, 21, 20], [20, 20, 21]],
    ["corners in a brick", [21, 20, 20], [20, 21, 21]],
  ];
  for (const [name, a, b] of across) {
    list.push(dots(`two voxels over ${name}`, [66, 66, 66], [[...a, 7] as const, [...b, 7] as const]));
    list.push(dots(`two voxels of two segments over ${name}`, [66, 66, 66], [[...a, 7] as const, [...b, 8] as const]));
  }
  let seed = 1;
  for (const segments of [1, 3]) {
    for (const share of [0.1, 0.3116, 0.5, 0.9]) {
      const random = randomFrom(seed);
      const dims: Dims = [
        66 + Math.floor(random() * 20),
        66 + Math.floor(random() * 5),
        60 + Math.floor(random() * 10),
      ];
      list.push(randomLabels(seed, dims, share, segments));
      seed++;
    }
  }
  list.push(randomLabels(seed++, [129, 70, 66], 0.5, 2, 9));
  list.push(randomLabels(seed++, [66, 66, 30], 0.6, 300, 3));
  list.push(randomLabels(seed++, [65, 30, 20], 1, 65_535));
  return list;
}

/** One table for every voice and any number of workers. */
export const componentCases: readonly LabelCase[] = cases();
