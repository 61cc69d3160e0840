import type { Dims, VoxelType } from "#volume";
import type { SeedsRequest } from "#workers";
import { type FlatVolume, flatVolume, randomFrom } from "./volumes.ts";

export interface SeedsCase {
  readonly name: string;
  readonly volume: FlatVolume;
  /** Flat label map. */
  readonly drawn: Uint16Array;
  readonly request: SeedsRequest;
}

const TYPES: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

function draw(dims: Dims, voxels: readonly (readonly [ijk: Dims, label: number])[]): Uint16Array {
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (const [[i, j, k], label] of voxels) drawn[(k * dims[1] + j) * dims[0] + i] = label;
  return drawn;
}

const last = (dims: Dims): Dims => [dims[0] - 1, dims[1] - 1, dims[2] - 1];
const flat = (dims: Dims, type: VoxelType = "int16") => flatVolume(dims, type, () => 7);
const noisy = (dims: Dims, type: VoxelType, seed: number, span: number) => {
  const random = randomFrom(seed);
  return flatVolume(dims, type, () => Math.floor(random() * span));
};

/** Walls of label 9 with gaps at alternating ends: the only way winds through all of it. */
export function maze(dims: Dims): Uint16Array {
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < drawn.length; n++) {
    const i = n % dims[0];
    const j = Math.floor(n / dims[0]) % dims[1];
    const k = Math.floor(n / (dims[0] * dims[1]));
    const gap = (j >> 1) % 2 === 0 ? 0 : dims[0] - 1;
    const floorGap = (k >> 1) % 2 === 0 ? dims[1] - 1 : 0;
    if (j % 2 === 1 && i !== gap) drawn[n] = 9;
    if (k % 2 === 1 && j !== floorGap) drawn[n] = 9;
  }
  return drawn;
}

function cases(): SeedsCase[] {
  const list: SeedsCase[] = [];
  const add = (name: string, volume: FlatVolume, drawn: Uint16Array, more: Partial<SeedsRequest> = {}) => {
    for (const connectivity of [6, 26] as const) {
      const request = { segments: [1, 2], spacingMm: [1, 1, 1] as const, connectivity, ...more };
      list.push({ name: `${name}, ${connectivity} neighbours`, volume, drawn, request });
    }
  };
  for (const dims of [
    [2, 1, 1],
    [7, 1, 1],
    [1, 8, 1],
    [1, 1, 9],
    [200, 1, 1],
    [1, 200, 1],
    [1, 1, 200],
    [130, 70, 1],
    [1, 70, 66],
    [70, 1, 66],
    [33, 34, 35],
    [64, 64, 3],
    [65, 66, 4],
    [129, 7, 66],
  ] as const) {
    const ends = draw(dims, [
      [[0, 0, 0], 1],
      [last(dims), 2],
    ]);
    add(`a flat volume of ${dims.join("×")} between two corners`, flat(dims), ends);
    add(`noise in ${dims.join("×")} between two corners`, noisy(dims, "int16", dims[0] + dims[2], 50), ends);
    if (dims[0] * dims[1] * dims[2] > 50_000) continue;
    add(`noise in ${dims.join("×")}, weight 0`, noisy(dims, "uint8", dims[1] + 3, 4), ends, { spatialWeight: 0 });
  }
  const dims: Dims = [68, 40, 18];
  for (const [n, type] of TYPES.entries()) {
    const random = randomFrom(n);
    const offset = { int8: -128, int16: -3000, int32: -2_000_000_000, float32: -0.5 }[type as string] ?? 0;
    const span = { uint8: 256, int8: 256, uint32: 4_000_000_000, int32: 4_000_000_000, float32: 1 }[type as string];
    const volume = flatVolume(dims, type, (i) => {
      const value = offset + random() * (span ?? 6000) * (i < 35 ? 0.4 : 1);
      return type === "float32" ? value : Math.floor(value);
    });
    const seeds = draw(dims, [
      [[3, 3, 3], 1],
      [[66, 36, 17], 2],
      [[31, 32, 13], 2],
    ]);
    add(`noise of ${type}`, volume, seeds);
    add(`noise of ${type}, spacing 0.1×3×10`, volume, seeds, { spacingMm: [0.1, 3, 10] });
  }
  const holes = flatVolume(dims, "float32", (i, j, k) =>
    (i * 7 + j * 3 + k) % 5 === 0 ? Number.NaN : i % 11 === 0 ? Number.POSITIVE_INFINITY : (i * j) % 17,
  );
  add(
    "NaN and infinite voxels are walls",
    holes,
    draw(dims, [
      [[3, 3, 3], 1],
      [[61, 36, 17], 2],
      [[5, 0, 0], 1],
    ]),
  );
  const across: readonly (readonly [string, Dims, Dims])[] = [
    ["i", [63, 20, 20], [64, 20, 20]],
    ["j", [20, 31, 20], [20, 32, 20]],
    ["k", [20, 20, 63], [20, 20, 64]],
    ["ij", [63, 63, 20], [64, 64, 20]],
    ["jk", [20, 64, 63], [20, 63, 64]],
    ["ijk", [63, 64, 63], [64, 63, 64]],
    ["halves of a line", [15, 5, 5], [16, 5, 5]],
  ];
  for (const [what, a, b] of across) {
    const box = a.map((n, axis) => Math.max(n, b[axis]!) + 2) as unknown as Dims;
    add(
      `seeds on both sides of a border across ${what}`,
      noisy(box, "int16", 5, 30),
      draw(box, [
        [a, 1],
        [b, 2],
      ]),
    );
  }
  const box: Dims = [70, 42, 68];
  const seeds: [Dims, number][] = [
    [[40, 40, 40], 1],
    [[66, 41, 50], 2],
    [[2, 2, 2], 2],
    [[66, 33, 36], 4],
    [[50, 39, 50], 9],
    [[20, 40, 61], 2],
  ];
  const image = noisy(box, "int16", 9, 200);
  const region = { min: [10, 20, 30], max: [69, 41, 66] } as const;
  add("a box, with seeds outside it", image, draw(box, seeds), { region });
  add("a box of one voxel's thickness", image, draw(box, seeds), { region: { min: [10, 40, 30], max: [69, 41, 66] } });
  add("a maximum cost", image, draw(box, seeds), { maximumCost: 300 });
  add("a maximum cost of 0", image, draw(box, seeds), { maximumCost: 0 });
  add("a bias", image, draw(box, seeds), { bias: { 1: 250 }, segments: [1, 2, 4] });
  add("a bias so large that a segment's own seeds are overrun but for themselves", image, draw(box, seeds), {
    bias: { 2: 9000 },
  });
  add("a bias above the maximum cost", image, draw(box, seeds), { bias: { 2: 500 }, maximumCost: 400 });
  add("segments named in any order and twice", image, draw(box, seeds), { segments: [4, 2, 1, 2] });
  const over = draw(box, seeds);
  for (let n = 0; n < over.length; n++) if (over[n] === 0 && n % 70 > 45) over[n] = n % 70 > 60 ? 300 : 5;
  add("only background, other labels are walls", image, over);
  add("only inside a label", image, over, { inside: [5] });
  add("inside two labels and background", image, over, { inside: [300, 0, 5] });
  const path = maze([70, 40, 9]);
  path[0] = 2;
  path[path.length - 1] = 1;
  add("a maze", noisy([70, 40, 9], "uint8", 11, 20), path);
  const full = new Uint16Array(34 * 33 * 3).fill(1).fill(2, 1000);
  add("nothing but seeds", flat([34, 33, 3]), full);
  for (let seed = 1; seed <= 12; seed++) {
    const random = randomFrom(seed);
    const size = [40, 40, 30].map((n) => 1 + Math.floor(random() * n * 2.5)) as unknown as Dims;
    const count = 2 + Math.floor(random() * 12);
    const span = [2, 30, 300, 30_000][seed % 4]!;
    const volume = noisy(size, (["uint8", "int16", "uint16", "float32"] as const)[seed % 4]!, seed, span);
    const voxels: [Dims, number][] = [];
    for (let n = 0; n < count * 3; n++) {
      const at = size.map((edge) => Math.floor(random() * edge)) as unknown as Dims;
      voxels.push([at, 1 + (n % count) * 3]);
    }
    const segments = Array.from({ length: count }, (_, n) => 1 + n * 3);
    const spacingMm = [0.2 + random() * 2, 0.2 + random() * 2, 0.5 + random() * 5] as const;
    const spatialWeight = [undefined, 0, 0.5, 30][Math.floor(random() * 4)];
    const bias = random() < 0.5 ? { [segments[1]!]: Math.floor(random() * span) } : {};
    const weight = spatialWeight === undefined ? {} : { spatialWeight };
    add(`random, seed ${seed}, ${size.join("×")}, ${count} segments`, volume, draw(size, voxels), {
      segments,
      spacingMm,
      bias,
      ...weight,
    });
  }
  return list;
}

/** One table for the WASM voice in one thread and on any number of workers; all must equal the reference. */
export const seedsCases: readonly SeedsCase[] = cases();
