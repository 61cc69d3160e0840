import {
  createKernelPool,
  type DrawnPlane,
  type FillRequest,
  type KernelLabels,
  type Kernels,
  spawnWorker,
} from "#workers";
import type { Dims } from "#volume";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

let url: URL;
const inOneThread = inlineKernels();
const pools = new Map<number, Kernels>();

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools.values()) pool.dispose();
});

function pool(workers: number): Kernels {
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  const held = pools.get(workers) ?? createKernelPool({ wasmModule, workers, spawn });
  pools.set(workers, held);
  return held;
}

const dims: Dims = [130, 70, 150];
const spacingMm = [0.8, 0.9, 1.1] as const;
const random = randomFrom(21);
const blobs = Array.from({ length: 9 }, (_, n) => ({
  at: dims.map((size) => size * (0.2 + 0.6 * random())),
  r: 8 + random() * 22,
  label: 1 + (n % 5),
}));
const shape = (i: number, j: number, k: number) =>
  blobs.find(({ at, r }) => Math.hypot(i - at[0]!, j - at[1]!, k - at[2]!) < r)?.label ?? 0;
const crossing: DrawnPlane[] = [30, 65, 100, 130].map((index) => ({ axis: 2, index }));
crossing.push({ axis: 0, index: 60 }, { axis: 0, index: 80 });
const even = crossing.slice(2);
/** 2i + j + 2k in planes 12 thicknesses apart, in voxels of the spacing. */
const depthOf = (i: number, j: number, k: number) => (2 * 0.8 * i + 0.9 * j + 2 * 1.1 * k) / (1.6 + 0.9 + 2.2);
const parallel = Array.from({ length: 9 }, (_, n): DrawnPlane => {
  const mm = (12 * n * 4.7) / 9;
  return { point: [(2 * mm) / 0.8, mm / 0.9, (2 * mm) / 1.1], normal: [2, 1, 2] };
});
const isParallel = (i: number, j: number, k: number) =>
  Math.abs(depthOf(i, j, k) - 12 * Math.round(depthOf(i, j, k) / 12)) <= 0.5;
/** The shape with a texture. */
const image = imageOf(flatVolume(dims, "int16", (i, j, k) => 100 * shape(i, j, k) + ((i * 7 + j * 11 + k * 5) % 13)));
const cases: readonly (readonly [string, FillRequest, ReturnType<typeof labelsOf>])[] = [
  [
    "slices across k",
    { axis: 2, spacingMm, method: "shape" },
    labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (k % 7 === 0 ? shape(i, j, k) : 0)).voxels),
  ],
  [
    "slices across i",
    { axis: 0, spacingMm, method: "shape" },
    labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i % 6 === 3 ? shape(i, j, k) : 0)).voxels),
  ],
  [
    "slices across k, with an image,",
    { axis: 2, spacingMm, method: "image", image },
    labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (k % 7 === 0 ? shape(i, j, k) : 0)).voxels),
  ],
  [
    "planes of two directions, as many of each",
    { drawn: even, spacingMm, method: "shape" },
    labelsOf(
      dims,
      flatVolume(dims, "uint16", (i, j, k) =>
        even.some((p) => "axis" in p && [i, j, k][p.axis] === p.index) ? shape(i, j, k) : 0,
      ).voxels,
    ),
  ],
  [
    "a stack and planes of another direction",
    { drawn: crossing, spacingMm, method: "shape" },
    labelsOf(
      dims,
      flatVolume(dims, "uint16", (i, j, k) =>
        crossing.some((p) => "axis" in p && [i, j, k][p.axis] === p.index) ? shape(i, j, k) : 0,
      ).voxels,
    ),
  ],
  [
    "a stack and planes of another direction, with an image,",
    { drawn: crossing, spacingMm, method: "image", image },
    labelsOf(
      dims,
      flatVolume(dims, "uint16", (i, j, k) =>
        crossing.some((p) => "axis" in p && [i, j, k][p.axis] === p.index) ? shape(i, j, k) : 0,
      ).voxels,
    ),
  ],
  [
    "planes of two directions, as many of each, with an image,",
    { drawn: even, spacingMm, method: "image", image },
    labelsOf(
      dims,
      flatVolume(dims, "uint16", (i, j, k) =>
        even.some((p) => "axis" in p && [i, j, k][p.axis] === p.index) ? shape(i, j, k) : 0,
      ).voxels,
    ),
  ],
  [
    "parallel planes across no axis, with an image,",
    { drawn: parallel, spacingMm, method: "image", image },
    labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (isParallel(i, j, k) ? shape(i, j, k) : 0)).voxels),
  ],
  [
    "parallel planes across no axis",
    { drawn: parallel, spacingMm, method: "shape" },
    labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (isParallel(i, j, k) ? shape(i, j, k) : 0)).voxels),
  ],
  [
    "parallel planes and a slice of an axis",
    { drawn: [...parallel, { axis: 0, index: 60 }], segments: [1], spacingMm, method: "shape" },
    labelsOf(
      dims,
      flatVolume(dims, "uint16", (i, j, k) => (i === 60 || isParallel(i, j, k) ? shape(i, j, k) : 0)).voxels,
    ),
  ],
];

/** What one thread fills and offers next, computed once for all numbers of workers. */
const alone = new Map<object, ReturnType<typeof fillAlone>>();
function expectedOf(request: FillRequest, labels: KernelLabels): ReturnType<typeof fillAlone> {
  const expected = alone.get(request) ?? fillAlone(request, labels);
  alone.set(request, expected);
  return expected;
}
async function fillAlone(request: FillRequest, labels: KernelLabels) {
  const { voxels, bricks, image } = await inOneThread.fill(labels, request);
  return { voxels, image, labels: flattenLabels(dims, bricks), next: await inOneThread.nextSlice(labels, request) };
}

describe.each([1, 2, 4])("on %i workers", (workers) => {
  test.each(cases)("%s are filled as in one thread, and as surely", async (_, request, labels) => {
    const expected = await expectedOf(request, labels);
    const found = await pool(workers).fill(labels, request);
    expect(found.voxels).toBe(expected.voxels);
    expect(found.voxels).toBeGreaterThan(10_000);
    expect(
      Buffer.compare(Buffer.from(flattenLabels(dims, found.bricks).buffer), Buffer.from(expected.labels.buffer)),
    ).toBe(0);
    expect(found.image).toEqual(expected.image);
    expect(found.image?.used ?? true).toBe(true);
    const next = await pool(workers).nextSlice(labels, request);
    expect([next.axis, next.index]).toEqual([expected.next.axis, expected.next.index]);
    expect(next.voxels).toBeCloseTo(expected.next.voxels, 3);
  });

  test("an aborted fill ends with AbortError, and the next call works", async () => {
    for (const [, request, labels] of cases) {
      // Segments that change places, so that nothing of what is kept of the fills before can be taken as it was.
      const renamed = flattenLabels(dims, labels.held).map((label) => (label === 0 ? 0 : 6 - label));
      const abort = new AbortController();
      const aborted = pool(workers).fill(labelsOf(dims, renamed), request, { signal: abort.signal });
      // At once: of a fill this small the first word of progress may come with its end.
      abort.abort();
      await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
      expect((await pool(workers).fill(labels, request)).voxels).toBeGreaterThan(10_000);
    }
  });
});

test.each(cases)("%s in too small a memory end with a limit error that says what to do", async (_, request, labels) => {
  const small = inlineKernels(3 * 2 ** 19);
  await expect(small.fill(labels, request)).rejects.toMatchObject({
    kind: "limit",
    advice: expect.any(String) as string,
  });
  await expect(small.fill(labels, request)).rejects.toMatchObject({ kind: "limit" });
});
