import type { Dims } from "#volume";
import type { FillRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { decideByImage, imageHelps } from "../../src/workers/fill/image-decision.ts";
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

  test("two drawn slices cannot tell whether it helps: by shape", async () => {
    const image = imageOf(noisy(7, 30, 12));
    const two = { planes: [8, 16], image };
    const { map, proposal } = await fillOf({ method: "image", ...two });
    expect(proposal.image).toEqual({ used: false, gains: [] });
    expect(map).toEqual((await fillOf(two)).map);
  });

  const refused: readonly (readonly [string, Partial<FillRequest>])[] = [
    ["no image", {}],
    ["an image of another size", { image: imageOf(flatVolume([60, 56, 40], "int8", () => 0)) }],
  ];
  test.each(refused)("%s is refused with an argument error", async (_, more) => {
    await expect(fillOf({ method: "image", ...more })).rejects.toMatchObject({ kind: "argument" });
  });

  test("planes of several directions are refused with an argument error", async () => {
    const planes = [{ axis: 0, index: 30 } as const, { axis: 2, index: 16 } as const];
    const asked = { method: "image", image: imageOf(noisy(1, 9, 9)), spacingMm, drawn: planes } as const;
    await expect(kernels.fill(labelsOf(dims, drawn), asked)).rejects.toMatchObject({ kind: "argument" });
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
    const values = new Float64Array(nu * nv);
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

  test.each([14, 15])("windowed sums are those of a tent of 15 pixels, seed %i", (seed) => {
    const { labels, values } = slice(seed);
    const steps = stepsToOther(labels, nu, nv);
    const tent = (d: number) => Math.max(0, 15 - Math.abs(d)) / 225;
    const local = localValues(labels, values, nu, nv);
    expect(new Set(local.keys())).toEqual(new Set([0, 2, 5]));
    for (const [label, { u0, v0, w, h, sums }] of local) {
      for (let at = 0; at < w * h; at += 17) {
        const [u, v] = [u0 + (at % w), v0 + Math.floor(at / w)];
        let [weight, sum] = [0, 0];
        for (let n = 0; n < labels.length; n++) {
          if (labels[n] !== label || steps[n]! > 6) continue;
          // Near an edge the second mean has less to take in.
          const share = tentWithin(u, n % nu, u0, u0 + w) * tentWithin(v, Math.floor(n / nu), v0, v0 + h);
          expect(share).toBeLessThanOrEqual(tent(u - (n % nu)) * tent(v - Math.floor(n / nu)) + 1e-12);
          weight += share;
          sum += share * values[n]!;
        }
        expect(sums[0][at]).toBeCloseTo(weight, 9);
        expect(sums[1][at]).toBeCloseTo(sum, 6);
      }
    }
  });

  /** Two means over 15 pixels within a line, from pixel `from` to pixel `to`. */
  function tentWithin(to: number, from: number, first: number, end: number): number {
    let count = 0;
    for (let m = Math.max(first, to - 7); m <= Math.min(end - 1, to + 7); m++) if (Math.abs(m - from) <= 7) count++;
    return count / 225;
  }

  test("a value moves a border only where shapes are unsure", () => {
    const { labels, values } = slice(16);
    const local = localValues(labels, values, nu, nv);
    // As if the disc had been filled one pixel too far to the right.
    const wide = labels.map((label, n) => (n % nu > 0 && labels[n - 1] === 2 && label === 0 ? 2 : label));
    const decide = (chance: number) =>
      decideByImage({
        nu,
        nv,
        labels: wide,
        chances: new Float32Array(nu * nv).fill(chance),
        values,
        before: local,
        after: local,
        t: 0.5,
      });
    expect(decide(0.001)).toEqual(wide);
    const off = (found: Uint16Array) => found.reduce((sum, label, n) => sum + (label === labels[n] ? 0 : 1), 0);
    expect(off(decide(0.45))).toBeLessThan(off(wide) / 2);
  });

  test.each([
    [[], false],
    [[0.005], false],
    [[0.02], true],
    [[0.01, 0.012, 0.008], true],
    [[0.03, -0.02, 0.001], false],
    [[0.0001, 0.0001], false],
  ])("gains of %j: used %s", (gains, used) => {
    expect(imageHelps(gains)).toBe(used);
  });
});
