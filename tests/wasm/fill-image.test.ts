import type { Dims } from "#volume";
import type { FillRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { doubtfulPixels } from "../../src/workers/fill/image-evidence.ts";
import { type FieldSlice, ImageField, ROUNDS } from "../../src/workers/fill/image-field.ts";
import { bestWeight, WEIGHTS } from "../../src/workers/fill/image-trial.ts";
import { localValues, stepsToOther } from "../../src/workers/fill/local-values.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const dims: Dims = [60, 56, 41];
const spacingMm = [0.9, 0.9, 1.5] as const;
const slices = [0, 8, 16, 24, 32, 40];
/** A shape that sways between its drawn slices, so that shapes alone are wrong. */
const swaying = (i: number, j: number, k: number) =>
  Math.hypot(i - 30 - 4 * Math.sin((k * Math.PI) / 8 + 0.4), j - 28) < 11 ? (j < 28 ? 3 : 6) : 0;
const truth = flatVolume(dims, "uint16", swaying).voxels as Uint16Array;
const drawn = flatVolume(dims, "uint16", (i, j, k) => (k % 8 === 0 ? swaying(i, j, k) : 0)).voxels as Uint16Array;
const request = { axis: 2, planes: slices, spacingMm } as const;

function noisy(seed: number, contrast: number, noise: number) {
  const random = randomFrom(seed);
  return flatVolume(dims, "float32", (i, j, k) => {
    const label = swaying(i, j, k);
    return 40 + (label === 0 ? 0 : label === 3 ? contrast : 2 * contrast) + noise * (random() + random() - 1);
  });
}

async function fillOf(more: Partial<FillRequest>, by = kernels) {
  const proposal = await by.fill(labelsOf(dims, drawn), { ...request, method: "shape", ...more });
  return { map: flattenLabels(dims, proposal.bricks), proposal };
}

const wrong = (map: Uint16Array) => map.reduce((sum, label, n) => sum + ((drawn[n] || label) === truth[n] ? 0 : 1), 0);

describe("a fill that looks at the image", () => {
  test.each([1, 2, 3])("is nearer to the truth where there is contrast, seed %i", async (seed) => {
    const { map, proposal } = await fillOf({ method: "image", image: imageOf(noisy(seed, 30, 12)) });
    expect(proposal.image).toMatchObject({ used: true, gains: [{ z: 8 }, { z: 16 }, { z: 24 }, { z: 32 }] });
    expect(wrong(map)).toBeLessThan(0.9 * wrong((await fillOf({})).map));
  });

  const useless = [
    ["without contrast", () => flatVolume(dims, "int16", () => 7)],
    ["of nothing but NaN", () => flatVolume(dims, "float32", () => Number.NaN)],
    ["of noise", () => noisy(4, 0, 50)],
  ] as const;
  test.each(useless)("%s is the fill by shape, voxel for voxel, and says so", async (_, image) => {
    const { map, proposal } = await fillOf({ method: "image", image: imageOf(image()) });
    expect(map).toEqual((await fillOf({})).map);
    expect(proposal.image!.used).toBe(false);
    expect(proposal.note).toMatch(/filled by shape/);
  });

  test.each(["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32"] as const)(
    "gives the same from %s",
    async (type) => {
      const whole = (i: number, j: number, k: number) =>
        [5, 0, 0, 60, 0, 0, 110][swaying(i, j, k)]! + ((i * 7 + j * 5 + k * 3) % 9);
      const { map, proposal } = await fillOf({ method: "image", image: imageOf(flatVolume(dims, type, whole)) });
      expect(proposal.image!.used).toBe(true);
      const expected = await fillOf({ method: "image", image: imageOf(flatVolume(dims, "float32", whole)) });
      expect(map).toEqual(expected.map);
    },
  );

  test("leaves out voxels that are NaN", async () => {
    const image = noisy(5, 30, 12);
    for (let n = 0; n < image.voxels.length; n += 11) image.voxels[n] = Number.NaN;
    const { map } = await fillOf({ method: "image", image: imageOf(image) });
    expect(wrong(map)).toBeLessThan(0.95 * wrong((await fillOf({})).map));
  });

  test("does not depend on the order of the axes in storage", async () => {
    const { map } = await fillOf({ method: "image", image: imageOf(noisy(6, 30, 12)) });
    const image = noisy(6, 30, 12);
    const turned: Dims = [dims[2], dims[0], dims[1]];
    const from = (k: number, i: number, j: number) => (k * dims[1] + j) * dims[0] + i;
    const labels = flatVolume(turned, "uint16", (k, i, j) => drawn[from(k, i, j)]!).voxels;
    const voxels = flatVolume(turned, "float32", (k, i, j) => image.voxels[from(k, i, j)]!);
    const { bricks } = await kernels.fill(labelsOf(turned, labels), {
      method: "image",
      image: imageOf(voxels),
      axis: 0,
      planes: slices,
      spacingMm: [spacingMm[2], spacingMm[0], spacingMm[1]],
    });
    const other = flattenLabels(turned, bricks);
    let differ = 0;
    for (let j = 0, n = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++)
        for (let k = 0; k < dims[2]; k++, n++) if (other[n] !== map[from(k, i, j)]) differ++;
    }
    expect(differ).toBeLessThanOrEqual(map.length / 10_000);
  });

  test("where two drawn slices cannot tell whether it helps it is used, a little", async () => {
    const image = imageOf(noisy(7, 30, 12));
    const two = { planes: [8, 16], image };
    const { map, proposal } = await fillOf({ method: "image", ...two });
    expect(proposal.image).toEqual({ used: true, gains: [] });
    expect(wrong(map)).toBeLessThan(wrong((await fillOf(two)).map));
  });

  test("parts of a stack give what the whole does", async () => {
    const more = { method: "image", image: imageOf(noisy(8, 30, 12)) } as const;
    const { map } = await fillOf(more);
    for (const between of [
      [8, 16],
      [8, 32],
    ] as const) {
      const part = (await fillOf({ ...more, between })).map;
      const layer = dims[0] * dims[1];
      const [from, to] = between.map((k) => k * layer) as [number, number];
      expect(part.slice(from, to)).toEqual(map.slice(from, to));
    }
  });

  const refused: readonly (readonly [string, Partial<FillRequest>])[] = [
    ["no image", {}],
    ["an image of another size", { image: imageOf(flatVolume([60, 56, 40], "int8", () => 0)) }],
  ];
  test.each(refused)("%s is refused with an argument error", async (_, more) => {
    await expect(fillOf({ method: "image", ...more })).rejects.toMatchObject({ kind: "argument" });
  });

  /** Voxels within half a voxel of planes 7 mm apart along i and k alike. */
  const turned = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({
    point: [(7 * n * Math.SQRT1_2) / 0.9, 0, (7 * n * Math.SQRT1_2) / 1.5] as const,
    normal: [1, 0, 1] as const,
  }));
  const depth = (i: number, k: number) => (i * 0.9 + k * 1.5) * Math.SQRT1_2;
  const beside = [...slices.map((index) => ({ axis: 2, index }) as const), { axis: 0, index: 30 } as const];
  const crossing = [
    ...[4, 20, 36].map((index) => ({ axis: 2, index }) as const),
    ...[22, 30, 38].map((index) => ({ axis: 0, index }) as const),
    ...[20, 28, 36].map((index) => ({ axis: 1, index }) as const),
  ];
  type IsDrawn = (i: number, j: number, k: number) => boolean;
  const onTurned: IsDrawn = (i, _, k) => Math.abs(depth(i, k) - 7 * Math.round(depth(i, k) / 7)) < 0.4;
  const onCrossing: IsDrawn = (...ijk) => crossing.some(({ axis, index }) => ijk[axis] === index);
  const directions = [
    ["parallel planes across no axis", turned, onTurned],
    ["a stack and a plane across it", beside, ((i, _, k) => k % 8 === 0 || i === 30) as IsDrawn],
    ["planes of three directions", crossing, onCrossing],
  ] as const;
  test.each(directions)("is nearer to the truth between %s", async (_, planes, isDrawn) => {
    const given = flatVolume(dims, "uint16", (i, j, k) => (isDrawn(i, j, k) ? swaying(i, j, k) : 0)).voxels;
    const off = async (more: Pick<FillRequest, "method" | "image">) => {
      const { bricks, image } = await kernels.fill(labelsOf(dims, given), { spacingMm, drawn: planes, ...more });
      const map = flattenLabels(dims, bricks);
      const used = image?.used;
      return { used, wrong: map.reduce((sum, label, n) => sum + ((given[n] || label) === truth[n] ? 0 : 1), 0) };
    };
    const shape = await off({ method: "shape" });
    const looked = await off({ method: "image", image: imageOf(noisy(9, 30, 12)) });
    expect(looked.used).toBe(true);
    expect(looked.wrong).toBeLessThan(0.9 * shape.wrong);
  });

  test("an aborted one ends with AbortError, and the next call works", async () => {
    const abort = new AbortController();
    const image = imageOf(noisy(1, 30, 12));
    const call = kernels.fill(
      labelsOf(dims, drawn),
      { ...request, method: "image", image },
      { signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await fillOf({ method: "image", image })).proposal.voxels).toBeGreaterThan(1000);
  });

  test("too small a memory ends with a limit error", async () => {
    const small = inlineKernels(3 * 2 ** 19);
    await expect(fillOf({ method: "image", image: imageOf(noisy(1, 30, 12)) }, small)).rejects.toMatchObject({
      kind: "limit",
    });
  });
});

describe("what it is made of", () => {
  const [nu, nv] = [37, 29];
  const slice = (seed: number) => {
    const random = randomFrom(seed);
    const at = [10 + 8 * random(), 8 + 8 * random(), 5 + 5 * random()] as const;
    const labels = new Uint16Array(nu * nv);
    const values = new Float32Array(nu * nv);
    for (let v = 0, n = 0; v < nv; v++) {
      for (let u = 0; u < nu; u++, n++) {
        labels[n] = Math.hypot(u - at[0], v - at[1]) < at[2] ? 2 : u > 28 ? 5 : 0;
        values[n] = 20 * labels[n]! + 15 * random();
      }
    }
    return { labels, values };
  };

  test.each([11, 12, 13])("steps to another label are those of a search, seed %i", (seed) => {
    const { labels } = slice(seed);
    const steps = stepsToOther(labels, nu, nv);
    for (let n = 0; n < labels.length; n++) {
      let least = Number.POSITIVE_INFINITY;
      for (let m = 0; m < labels.length; m++) {
        if (labels[m] === labels[n]) continue;
        const away = Math.abs((m % nu) - (n % nu)) + Math.abs(Math.floor(m / nu) - Math.floor(n / nu));
        least = Math.min(least, away);
      }
      expect(steps[n]).toBe(least);
    }
  });

  test.each([14, 15])("windowed sums are those of a tent of squares, seed %i", (seed) => {
    const { labels, values } = slice(seed);
    const steps = stepsToOther(labels, nu, nv);
    const local = localValues(labels, values, nu, nv).labels;
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

  const doubtful = (labels: Uint16Array, values: Float32Array, chance: number) => {
    const local = localValues(slice(16).labels, slice(16).values, nu, nv).labels;
    const chances = new Float32Array(nu * nv).fill(chance);
    return doubtfulPixels({ nu, nv, labels, chances, values, before: local, after: local, t: 0.5 });
  };
  const decide = (slices: readonly FieldSlice[], weight: number, ratios = { u: 1, v: 1, z: 1 }) => {
    const found: Uint16Array[] = [];
    const field = new ImageField({ nu, nv }, ratios, [weight], (_, [labels]) => found.push(labels!));
    for (const own of slices) field.add(own);
    field.end();
    return found;
  };

  test("rivals are those of a search, whatever is far away", () => {
    const { labels, values } = slice(16);
    const { at, rivals } = doubtful(labels, values, 0.3);
    let m = 0;
    for (let n = 0; n < labels.length; n++) {
      let [best, least] = [-1, 64.5];
      for (let o = 0; o < labels.length; o++) {
        if (labels[o] === labels[n]) continue;
        const away = ((o % nu) - (n % nu)) ** 2 + (Math.floor(o / nu) - Math.floor(n / nu)) ** 2;
        if (away < least || (away === least && labels[o]! < best)) [best, least] = [labels[o]!, away];
      }
      if (best < 0) continue;
      expect([at[m], rivals[m]]).toEqual([n, best]);
      m++;
    }
    expect(m).toBe(at.length);
  });

  test("a value moves a border only where shapes are unsure", () => {
    const { labels, values } = slice(16);
    // As if the disc had been filled one pixel too far to the right.
    const wide = labels.map((label, n) => (n % nu > 0 && labels[n - 1] === 2 && label === 0 ? 2 : label));
    const decided = (chance: number) =>
      decide([{ z: 0, labels: wide, values, doubtful: doubtful(wide, values, chance), step: 100 }], 0.7)[0]!;
    expect(decided(0.001)).toEqual(wide);
    const off = (found: Uint16Array) => found.reduce((sum, label, n) => sum + (label === labels[n] ? 0 : 1), 0);
    expect(off(decided(0.45))).toBeLessThan(off(wide) / 2);
  });

  test.each([17, 18, 19])("slices one after the other are decided as all at once, seed %i", (seed) => {
    const random = randomFrom(seed);
    const ratios = { u: 1, v: 1.4, z: 2 };
    const slices = Array.from({ length: 2 * ROUNDS + 3 }, (_, z): FieldSlice => {
      const { labels, values } = slice(seed * 100 + z);
      for (let n = 0; n < values.length; n += 31) values[n] = random() < 0.3 ? Number.NaN : values[n]!;
      const chances = new Float32Array(nu * nv).map(() => 0.5 * random() ** 2);
      const local = localValues(labels, values, nu, nv).labels;
      const pixels = doubtfulPixels({ nu, nv, labels, chances, values, before: local, after: local, t: 0.5 });
      return { z, labels, values, doubtful: pixels, step: 50 + 100 * random() };
    });
    expect(decide(slices, 0.7, ratios)).toEqual(meanField(slices, 0.7, ratios));
  });

  /** The same, plainly: every pixel has chances of every label. */
  function meanField(slices: readonly FieldSlice[], weight: number, ratios: { u: number; v: number; z: number }) {
    type Chances = Map<number, number>;
    const odds = slices.map(({ doubtful: { at, byShape, byImage } }) => {
      const own = new Map<number, number>();
      at.forEach((pixel, n) => own.set(pixel, byShape[n]! + weight * byImage[n]!));
      return own;
    });
    const of = (z: number, pixel: number, chance: number): Chances => {
      const { labels, doubtful: pixels } = slices[z]!;
      const n = pixels.at.indexOf(pixel);
      if (n < 0) return new Map([[labels[pixel]!, 1]]);
      return new Map([
        [labels[pixel]!, chance],
        [pixels.rivals[n]!, 1 - chance],
      ]);
    };
    const chanceOf = (x: number) => 1 / (1 + Math.exp(-x));
    let known = slices.map(({ labels }, z) => Array.from(labels, (_, n) => of(z, n, chanceOf(odds[z]!.get(n) ?? 0))));
    for (let round = 0; round < ROUNDS; round++) {
      known = known.map((own, z) =>
        own.map((before, n) => {
          const given = odds[z]!.get(n);
          if (given === undefined) return before;
          const [label, rival] = [...before.keys()] as [number, number];
          let sum = given;
          for (const [du, dv, dz, ratio] of [
            [-1, 0, 0, ratios.u],
            [1, 0, 0, ratios.u],
            [0, -1, 0, ratios.v],
            [0, 1, 0, ratios.v],
            [0, 0, -1, ratios.z],
            [0, 0, 1, ratios.z],
          ] as const) {
            const [u, v] = [(n % nu) + du, Math.floor(n / nu) + dv];
            const other = slices[z + dz];
            if (!other || u < 0 || v < 0 || u >= nu || v >= nv) continue;
            const m = v * nu + u;
            const apart = slices[z]!.values[n]! - other.values[m]!;
            if (Number.isNaN(apart)) continue;
            const alike = Math.exp(-(apart ** 2) / Math.max(slices[z]!.step, other.step));
            const says = known[z + dz]![m]!;
            sum += (alike / ratio ** 2) * ((says.get(label) ?? 0) - (says.get(rival) ?? 0));
          }
          return of(z, n, chanceOf(sum));
        }),
      );
    }
    return known.map((own, z) =>
      slices[z]!.labels.map((label, n) => ((own[n]!.get(label) ?? 0) < 0.5 ? [...own[n]!.keys()][1]! : label)),
    );
  }

  const [small, large] = WEIGHTS;
  test.each([
    [[[], []], small],
    [[[0], [0]], small],
    [[[0], [0.01]], large],
    [[[-0.01], [-0.02]], 0],
    [[[0.01], [0.02]], large],
    [
      [
        [0.01, 0.012, 0.011],
        [0.011, 0.013, 0.012],
      ],
      small,
    ],
    [
      [
        [0.01, 0.012, 0.011],
        [0.02, 0.022, 0.021],
      ],
      large,
    ],
    [
      [
        [0.03, -0.02, 0.001],
        [0.03, -0.02, 0.001],
      ],
      0,
    ],
    [
      [
        [0.5, 0.001, 0.002, -0.001, 0.0],
        [0.5, 0.001, 0.002, -0.001, 0.0],
      ],
      0,
    ],
  ])("gains of %j: weight %s", (gains, weight) => {
    expect(bestWeight(gains)).toBe(weight);
  });
});
