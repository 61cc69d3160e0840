import type { Dims, IndexBox } from "#volume";
import type { Connectivity } from "#workers";
import { type FlatVolume, flatVolume, randomFrom } from "./volumes.ts";

export interface GrowthCase {
  readonly name: string;
  readonly volume: FlatVolume;
  readonly seeds: readonly Dims[];
  readonly range: { readonly low: number; readonly high: number };
  readonly connectivity: Connectivity;
  readonly region?: IndexBox;
}

const INSIDE = { low: 50, high: 150 };

/** A volume of type int16 in which the listed voxels are in range. */
function dots(dims: Dims, voxels: readonly Dims[]): FlatVolume {
  const volume = flatVolume(dims, "int16", () => 0);
  for (const [i, j, k] of voxels) volume.voxels[(k * dims[1] + j) * dims[0] + i] = 100;
  return volume;
}

/** A path one voxel wide that folds through the whole volume. */
export function serpentine(n: number): FlatVolume {
  return flatVolume([n, n, n], "uint8", (i, j, k) => {
    if (k % 2 === 1) return i === (((k - 1) / 2) % 2) * (n - 1) && j === n - 1 - (n % 2 === 0 ? 1 : 0) ? 100 : 0;
    if (j % 2 === 1) return i === (((j - 1) / 2) % 2 === 0 ? n - 1 : 0) ? 100 : 0;
    return 100;
  });
}

const full = (dims: Dims) => flatVolume(dims, "int16", () => 100);
const last = (dims: Dims): Dims => [dims[0] - 1, dims[1] - 1, dims[2] - 1];

function cases(): GrowthCase[] {
  const list: GrowthCase[] = [];
  const add = (name: string, volume: FlatVolume, seeds: readonly Dims[], more: Partial<GrowthCase> = {}) =>
    list.push({ name, volume, seeds, range: INSIDE, connectivity: 6, ...more });

  add("an empty volume", dots([70, 70, 70], []), [[35, 35, 35]]);
  add("no seeds", full([20, 20, 20]), []);
  add("one voxel", dots([70, 70, 70], [[64, 63, 64]]), [[64, 63, 64]]);
  add("a volume of one voxel", full([1, 1, 1]), [[0, 0, 0]]);
  for (const dims of [
    [64, 64, 64],
    [65, 65, 65],
    [63, 130, 5],
    [129, 7, 66],
  ] as const) {
    add(`all of ${dims.join("×")} from the first voxel`, full(dims), [[0, 0, 0]]);
    add(`all of ${dims.join("×")} from the last voxel`, full(dims), [last(dims)]);
  }
  for (const dims of [
    [200, 1, 1],
    [1, 200, 1],
    [1, 1, 200],
    [130, 130, 1],
    [1, 130, 130],
    [130, 1, 130],
  ] as const) {
    add(`a layer of ${dims.join("×")}`, full(dims), [[0, 0, 0]]);
  }
  for (const connectivity of [6, 18, 26] as const) {
    const across: readonly [string, Dims, Dims][] = [
      ["i faces", [63, 20, 20], [64, 20, 20]],
      ["j faces", [20, 63, 20], [20, 64, 20]],
      ["k faces", [20, 20, 63], [20, 20, 64]],
      ["ij edges", [63, 63, 20], [64, 64, 20]],
      ["ij edges the other way", [64, 63, 20], [63, 64, 20]],
      ["ik edges", [63, 20, 63], [64, 20, 64]],
      ["jk edges", [20, 63, 63], [20, 64, 64]],
      ["jk edges the other way", [20, 64, 63], [20, 63, 64]],
      ["corners", [63, 63, 63], [64, 64, 64]],
      ["corners the other way", [64, 63, 63], [63, 64, 64]],
      ["corners the third way", [63, 64, 63], [64, 63, 64]],
      ["corners of bit-bricks at an i border", [63, 7, 7], [64, 8, 8]],
    ];
    for (const [name, a, b] of across) {
      add(`two voxels over brick ${name}, ${connectivity}-connected`, dots([80, 80, 80], [a, b]), [a], {
        connectivity,
      });
      add(`… and back`, dots([80, 80, 80], [a, b]), [b], { connectivity });
    }
    add(`a serpentine, ${connectivity}-connected`, serpentine(70), [[0, 0, 0]], { connectivity });
    const region = { min: [10, 20, 30], max: [90, 66, 66] } as const;
    add(`a box inside a full volume, ${connectivity}-connected`, full([100, 70, 68]), [[64, 40, 40]], {
      connectivity,
      region,
    });
  }
  add("seeds outside the box", full([40, 40, 40]), [[0, 0, 0]], { region: { min: [10, 10, 10], max: [20, 20, 20] } });
  add("a box outside the volume", full([40, 40, 40]), [[0, 0, 0]], { region: { min: [50, 0, 0], max: [60, 20, 20] } });
  add("a box that begins in the second brick", full([130, 75, 75]), [[70, 70, 70]], {
    region: { min: [65, 66, 67], max: [130, 74, 73] },
  });
  add(
    "a seed out of range beside one in range",
    dots(
      [70, 70, 70],
      [
        [1, 1, 1],
        [2, 1, 1],
      ],
    ),
    [
      [0, 0, 0],
      [2, 1, 1],
    ],
  );

  for (const [p, seed] of [
    [0.2, 1],
    [0.3116, 2],
    [0.33, 3],
    [0.5, 4],
    [0.9, 5],
    [0.998, 6],
  ] as const) {
    const random = randomFrom(seed);
    const dims: Dims = [66 + Math.floor(random() * 40), 30 + Math.floor(random() * 50), 20 + Math.floor(random() * 60)];
    const volume = flatVolume(dims, "int16", () => (random() < p ? 100 : 0));
    const seeds = Array.from({ length: 4 }, () => dims.map((n) => Math.floor(random() * n)) as unknown as Dims);
    for (const connectivity of [6, 18, 26] as const) {
      add(`random voxels, share ${p}, seed ${seed}, ${connectivity}-connected`, volume, seeds, { connectivity });
    }
  }
  return list;
}

/** One table for the WASM voice in one thread and on any number of workers; all must equal the reference. */
export const growthCases: readonly GrowthCase[] = cases();
