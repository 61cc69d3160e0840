import { viewVoxels, type VoxelType } from "#volume";
import { describe, expect, test } from "vitest";
import { type EdgeRatios, type FieldSlice, ImageField, ROUNDS } from "../../src/workers/fill/image-field.ts";
import { wordsAround } from "../../src/workers/fill/pixels-around.ts";
import { createMemory, instantiate, VOXEL_TYPE_CODE } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import { doubtfulPixels } from "../../src/workers/reference/fill-doubt.ts";
import { meanField, type SliceOfField } from "../../src/workers/reference/fill-field.ts";
import { type LocalValues, localValues } from "../../src/workers/reference/fill-locals.ts";
import { smoothed, stepsToOther } from "../../src/workers/reference/fill-values.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const memory = createMemory(256 * 2 ** 20);
const core = instantiate(wasmModule, memory);
const arena = new MemoryArena(memory);
const context = { arena, core };
const { exports } = core;

type Plane = Uint16Array | Float32Array | Int32Array;
function put(values: Plane): number {
  const at = arena.scratch(values.byteLength + 64);
  const Of = values.constructor as Float32ArrayConstructor;
  new Of(memory.buffer, at, values.length).set(values);
  return at;
}
const u16 = (at: number, count: number) => new Uint16Array(memory.buffer, at, count).slice();
const i32 = (at: number, count: number) => new Int32Array(memory.buffer, at, count).slice();
const f32 = (at: number, count: number) => new Float32Array(memory.buffer, at, count).slice();
const f64 = (at: number, count: number) => new Float64Array(memory.buffer, at, count).slice();

const [nu, nv] = [37, 29];
const tables = arena.allocate(2 * 65_536 * 4);

/** A disc and a band in noise, with holes in the values now and then. */
function slice(seed: number, holes = 0) {
  const random = randomFrom(seed);
  const at = [10 + 8 * random(), 8 + 8 * random(), 5 + 5 * random()] as const;
  const labels = new Uint16Array(nu * nv);
  const values = new Float32Array(nu * nv);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      labels[n] = Math.hypot(u - at[0], v - at[1]) < at[2] ? 2 : u > 28 ? 5 : 0;
      values[n] = random() < holes ? Number.NaN : 20 * labels[n]! + 15 * random();
    }
  }
  return { labels, values };
}

/** Labels as random as can be, in patches. */
function patches(seed: number): Uint16Array {
  const random = randomFrom(seed);
  const own = Array.from({ length: 64 }, () => Math.floor(random() * 5) * 13_000);
  return new Uint16Array(nu * nv).map((_, n) =>
    random() < 0.02 ? 65_535 : own[(Math.floor(n / nu / 4) * 8 + ((n % nu) >> 3)) % 64]!,
  );
}

describe("slices of an image", () => {
  const sizes = [
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 7],
    [3, 3],
    [6, 5],
    [7, 4],
    [8, 8],
    [37, 29],
  ] as const;
  const check = (type: VoxelType, [nu, nv]: readonly [number, number], seed: number, holes: number) => {
    const random = randomFrom(seed);
    const [depth, across] = [3, 2];
    const whole = viewVoxels(type, new ArrayBuffer(nu * nv * depth * across * 4), 0, nu * nv * depth * across);
    const broken = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38];
    for (let n = 0; n < whole.length; n++) {
      whole[n] =
        random() < holes ? broken[Math.floor(random() * 4)]! : 200 * random() - (type.startsWith("u") ? 0 : 90);
    }
    const from = arena.scratch(whole.byteLength);
    viewVoxels(type, memory.buffer, from, whole.length).set(whole as never);
    const values = Float32Array.from(
      { length: nu * nv },
      (_, n) => whole[(n % nu) * depth + Math.floor(n / nu) * nu * depth * across]!,
    );
    const [raw, to] = [arena.scratch(nu * nv * 4), arena.scratch(nu * nv * 4)];
    exports.fillImageSlice(from, VOXEL_TYPE_CODE[type], depth, nu * depth * across, nu, nv, raw, to);
    expect(f32(to, nu * nv)).toEqual(smoothed(values, nu, nv));
  };
  const types = Object.keys(VOXEL_TYPE_CODE) as VoxelType[];
  test.each(types)("of %s are smoothed as the reference does", (type) => {
    for (const [n, size] of sizes.entries()) check(type, size, 100 + n, 0);
  });
  test.each([31, 32, 33])("with NaN, infinities and the largest numbers, seed %i", (seed) => {
    for (const size of sizes) check("float32", size, seed, 0.2);
  });
});

describe("steps to another label", () => {
  const cases = [
    ...[11, 12].map((seed) => [`a disc and a band, seed ${seed}`, slice(seed).labels] as const),
    ...[13, 14].map((seed) => [`patches, seed ${seed}`, patches(seed)] as const),
    ["one label", new Uint16Array(nu * nv).fill(3)] as const,
    ["one pixel in a corner", Uint16Array.from({ length: nu * nv }, (_, n) => Number(n === nu * nv - 1))] as const,
  ];
  test.each(cases)("are those of a search: %s", (_, labels) => {
    const to = arena.scratch(nu * nv * 2);
    exports.fillSteps(put(labels), nu, nv, to);
    const steps = u16(to, nu * nv);
    expect(steps).toEqual(stepsToOther(labels, nu, nv));
    for (let n = 0; n < labels.length; n += 7) {
      let least = Number.POSITIVE_INFINITY;
      for (let m = 0; m < labels.length; m++) {
        if (labels[m] === labels[n]) continue;
        least = Math.min(least, Math.abs((m % nu) - (n % nu)) + Math.abs(Math.floor(m / nu) - Math.floor(n / nu)));
      }
      if (least < Number.POSITIVE_INFINITY) expect(steps[n]).toBe(least);
      else expect(steps[n]).toBeGreaterThan(1000);
    }
  });
});

/** Writes what labels look like, as the kernels find it. */
function localOf(labels: Uint16Array, values: Float32Array, drawn?: Float32Array): number {
  const steps = arena.scratch(nu * nv * 2);
  const [l, v, d] = [put(labels), put(values), drawn ? put(drawn) : 0];
  exports.fillSteps(l, nu, nv, steps);
  const found = arena.scratch(exports.fillLocalBytes(nu * nv));
  const to = arena.scratch(exports.fillLocalFind(l, v, steps, d, nu, nv, tables, found));
  const scratch = arena.scratch(exports.fillLocalScratch(nu, nv));
  exports.fillLocalSums(l, v, steps, d, nu, nv, tables, found, to, scratch);
  return to;
}

function readLocal(at: number): LocalValues {
  const count = i32(at + 16, 1)[0]!;
  const words = i32(at + 24, count * 6);
  const labels = new Map(
    Array.from({ length: count }, (_, n) => {
      const [label, u0, v0, w, h, sums] = words.subarray(n * 6, n * 6 + 6) as unknown as number[];
      const of = (power: number) => f64(at + 24 + count * 24 + sums! + power * w! * h! * 8, w! * h!);
      return [label!, { u0: u0!, v0: v0!, w: w!, h: h!, sums: [of(0), of(1), of(2)] as const }];
    }),
  );
  return { labels, step: f64(at, 1)[0]! };
}

describe("what labels look like near their outlines", () => {
  test.each([14, 15, 16, 17])("equals the reference bit for bit, seed %i", (seed) => {
    const random = randomFrom(seed);
    const { values } = slice(seed, 0.05 * (seed % 2));
    const drawn = new Float32Array(nu * nv).map(() => (random() < 0.5 ? 1 : 0));
    for (const labels of [slice(seed).labels, patches(seed)]) {
      expect(readLocal(localOf(labels, values))).toEqual(localValues(labels, values, nu, nv));
      expect(readLocal(localOf(labels, values, drawn))).toEqual(localValues(labels, values, nu, nv, drawn));
    }
    expect(new Int32Array(memory.buffer, tables, 2 * 65_536).some((word) => word !== 0)).toBe(false);
  });

  test.each([14, 15])("windowed sums are those of a tent of squares, seed %i", (seed) => {
    const { labels, values } = slice(seed);
    const steps = stepsToOther(labels, nu, nv);
    const local = readLocal(localOf(labels, values)).labels;
    expect(new Set(local.keys())).toEqual(new Set([0, 2, 5]));
    for (const [label, { u0, v0, w, h, sums }] of local) {
      for (let at = 0; at < w * h; at += 17) {
        const [u, v] = [u0 + (at % w), v0 + Math.floor(at / w)];
        let [weight, sum, squares] = [0, 0, 0];
        for (let n = 0; n < labels.length; n++) {
          if (labels[n] !== label || steps[n]! > 6) continue;
          const share = tentWithin(u, (n % nu) >> 1, u0, u0 + w) * tentWithin(v, Math.floor(n / nu) >> 1, v0, v0 + h);
          weight += share / 4;
          sum += (share / 4) * values[n]!;
          squares += (share / 4) * values[n]! ** 2;
        }
        expect(sums[0][at]).toBeCloseTo(weight, 9);
        expect(sums[1][at]).toBeCloseTo(sum, 2);
        expect(sums[2][at]! / 100).toBeCloseTo(squares / 100, 2);
      }
    }
  });

  /** Two means over 7 squares within a line, from square `from` to square `to`. */
  function tentWithin(to: number, from: number, first: number, end: number): number {
    let count = 0;
    for (let m = Math.max(first, to - 3); m <= Math.min(end - 1, to + 3); m++) if (Math.abs(m - from) <= 3) count++;
    return count / 49;
  }
});

const around = put(wordsAround(nu));

/** Makes doubtful pixels of a slice; gives the mean square of steps that is taken for it. */
function makeDoubtful(own: FieldSlice, z: number, { labels, values, chances, local, t }: SliceInDoubt): number {
  new Uint16Array(memory.buffer, own.labels, labels.length).set(labels);
  new Float32Array(memory.buffer, own.values, values.length).set(values);
  const [at, steps] = [put(chances), arena.scratch(nu * nv * 2)];
  exports.fillSteps(own.labels, nu, nv, steps);
  own.start(z, exports.fillUnsure(at, nu * nv));
  const [before, after] = local.map((drawn) => drawn && localOf(drawn.labels, drawn.values));
  own.count = exports.fillDoubtful(own.record, at, steps, nu, nv, before ?? 0, after ?? 0, t, around, tables);
  return 60 + 10 * z;
}

interface SliceInDoubt {
  readonly labels: Uint16Array;
  readonly values: Float32Array;
  readonly chances: Float32Array;
  readonly local: readonly [before: Drawn | undefined, after: Drawn | undefined];
  readonly t: number;
}
type Drawn = ReturnType<typeof slice>;

function doubtfulReference({ labels, values, chances, local, t }: SliceInDoubt) {
  const [before, after] = local.map((drawn) =>
    drawn ? localValues(drawn.labels, drawn.values, nu, nv).labels : new Map(),
  ) as [LocalValues["labels"], LocalValues["labels"]];
  return doubtfulPixels({ nu, nv, labels, chances, values, before, after, t });
}

function takeSlice(ratios: EdgeRatios, decided: (labels: Uint16Array) => void, weights = [0.7]) {
  const to = arena.scratch(nu * nv * 2);
  return new ImageField(context, { nu, nv }, ratios, weights, ({ write }) => {
    for (const nth of weights.keys()) {
      write(nth, to);
      decided(u16(to, nu * nv));
    }
  });
}

const squareEdges = { u: 1, v: 1, z: 1 };

describe("doubtful pixels", () => {
  const random = randomFrom(40);
  const chances = new Float32Array(nu * nv).map(() => random() ** 2);
  const some = slice(21, 0.02);
  const cases: readonly (readonly [string, SliceInDoubt])[] = [
    ["between two drawn slices", { ...some, chances, local: [slice(22), slice(23)], t: 0.3 }],
    ["of many labels", { ...some, labels: patches(24), chances, local: [slice(22), slice(23)], t: 0.3 }],
    ["after one drawn slice", { ...some, chances, local: [slice(22), undefined], t: 0.6 }],
    ["where none is drawn", { ...some, chances, local: [undefined, undefined], t: 0.5 }],
    ["of one label", { ...some, labels: new Uint16Array(nu * nv), chances, local: [slice(22), slice(23)], t: 0.3 }],
    [
      "of sure shapes",
      { ...some, chances: new Float32Array(nu * nv).fill(0.049), local: [slice(22), slice(23)], t: 0.3 },
    ],
    [
      "of even values",
      {
        ...some,
        values: new Float32Array(nu * nv).fill(7),
        chances,
        local: [{ ...slice(22), values: new Float32Array(nu * nv).fill(7) }, slice(23)],
        t: 0,
      },
    ],
  ];
  test.each(cases)("%s are those of the reference, bit for bit", (_, given) => {
    const own = takeSlice(squareEdges, () => undefined).take();
    makeDoubtful(own, 0, given);
    const expected = doubtfulReference(given);
    const [at, rivals, byShape, byImage] = Array.from(new Int32Array(memory.buffer, own.record + 24, 4));
    expect(own.count).toBe(expected.length);
    expect(i32(at!, own.count)).toEqual(Int32Array.from(expected, (pixel) => pixel.at));
    expect(i32(rivals!, own.count)).toEqual(Int32Array.from(expected, ({ rival }) => rival));
    expect(f32(byShape!, own.count)).toEqual(Float32Array.from(expected, (pixel) => pixel.byShape));
    expect(f32(byImage!, own.count)).toEqual(Float32Array.from(expected, (pixel) => pixel.byImage));
  });
});

describe("the field of doubtful pixels", () => {
  test.each([51, 52, 53, 54])("decides as a plain mean field does, seed %i", (seed) => {
    const random = randomFrom(seed);
    const ratios = [squareEdges, { u: 1, v: 1.4, z: 2 }, { u: 1.2, v: 1, z: 0.3 }][seed % 3]!;
    const weights = seed % 2 === 0 ? [0.7] : [0.35, 0.7];
    const decided: Uint16Array[] = [];
    const field = takeSlice(ratios, (labels) => decided.push(labels), weights);
    const plain: SliceOfField[] = [];
    for (let z = 0; z < 2 * ROUNDS + 4; z++) {
      const given: SliceInDoubt = {
        labels: slice(seed * 100 + z).labels,
        // A disc beside that of the labels.
        values: slice(seed * 100 + z + 50, 0.02).values,
        // Nothing is doubtful on one of them, as on a drawn slice.
        chances: new Float32Array(nu * nv).map(() => (z === 5 ? 0 : 0.5 * random() ** 2)),
        local: [slice(seed), slice(seed + 1)],
        t: z / 9,
      };
      const own = field.take();
      const step = makeDoubtful(own, z, given);
      field.add(own, step);
      plain.push({ ...given, doubtful: doubtfulReference(given), step });
    }
    field.end();
    const expected = weights.map((weight) => meanField(plain, nu, nv, ratios, weight));
    expect(decided).toEqual(plain.flatMap((_, z) => expected.map((own) => own[z]!)));
    expect(
      decided.some((labels, n) =>
        labels.some((label, m) => label !== plain[Math.floor(n / weights.length)]!.labels[m]),
      ),
    ).toBe(true);
  });

  test("a value moves a border only where shapes are unsure", () => {
    const { labels, values } = slice(16);
    // As if the disc had been filled one pixel too far to the right.
    const wide = labels.map((label, n) => (n % nu > 0 && labels[n - 1] === 2 && label === 0 ? 2 : label));
    const decide = (chance: number) => {
      let found: Uint16Array = wide;
      const field = takeSlice(squareEdges, (decided) => (found = decided));
      const own = field.take();
      const drawn = slice(16);
      const chances = new Float32Array(nu * nv).fill(chance);
      makeDoubtful(own, 0, { labels: wide, values, chances, local: [drawn, drawn], t: 0.5 });
      field.add(own, 100);
      field.end();
      return found;
    };
    expect(decide(0.001)).toEqual(wide);
    const off = (found: Uint16Array) => found.reduce((sum, label, n) => sum + (label === labels[n] ? 0 : 1), 0);
    expect(off(decide(0.45))).toBeLessThan(off(wide) / 2);
  });
});
