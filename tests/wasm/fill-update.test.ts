import type { Dims } from "#volume";
import {
  createKernelPool,
  type DrawnPlane,
  type FillProposal,
  type FillRequest,
  type Kernels,
  spawnWorker,
} from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flattenLabels, labelsOf, randomFrom } from "./support/volumes.ts";

const dims: Dims = [92, 60, 66];
const spacingMm = [1, 0.9, 1.2] as const;
const AXES = [0, 1, 2] as const;

const pools: Kernels[] = [];
beforeAll(async () => {
  const url = await bundleWorker("src/workers/kernels.worker.ts");
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  for (const workers of [1, 2, 4]) pools.push(createKernelPool({ wasmModule, workers, spawn }));
});
afterAll(() => {
  for (const pool of pools) pool.dispose();
});

type Ijk = readonly [number, number, number];

function forEach(visit: (ijk: Ijk, n: number) => void): void {
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++, n++) visit([i, j, k], n);
  }
}

function onPlane(plane: DrawnPlane, ijk: Ijk): boolean {
  if ("axis" in plane) return ijk[plane.axis] === plane.index;
  const { point, normal } = plane;
  const sum = (part: (axis: 0 | 1 | 2) => number): number => part(0) + part(1) + part(2);
  const away = sum((axis) => normal[axis] * (ijk[axis] - point[axis]) * spacingMm[axis]);
  return Math.abs(away) <= sum((axis) => Math.abs(normal[axis]) * spacingMm[axis]) / 2;
}

/** Planes drawn on a truth of a few balls, and what a person does to them. */
class Drawing {
  readonly #random: () => number;
  readonly #truth = new Uint16Array(dims[0] * dims[1] * dims[2]);
  /** Painted over planes, or where no plane is. */
  readonly #painted = new Map<number, number>();
  drawn: DrawnPlane[];
  segments: number[] | undefined;

  constructor(seed: number, drawn: DrawnPlane[]) {
    const random = randomFrom(seed);
    this.#random = random;
    this.drawn = drawn;
    const balls = [1, 2, 5, 5].map((label, n) => ({
      at: [12 + 22 * n, 18 + random() * 24, 18 + random() * 28] as const,
      r: 6 + random() * 6,
      label,
    }));
    forEach((ijk, n) => {
      const ball = balls.find(({ at, r }) => Math.hypot(ijk[0] - at[0], ijk[1] - at[1], ijk[2] - at[2]) < r);
      this.#truth[n] = ball?.label ?? 0;
    });
  }

  /** Does one thing at random. */
  step(): void {
    const random = this.#random;
    const what = random();
    if (what < 0.45) this.drawn = [...this.drawn, this.#plane()];
    else if (what < 0.6 && this.drawn.length > 3)
      this.drawn = this.drawn.filter((_, n) => n !== this.drawn.length >> 1);
    else if (what < 0.7) this.segments = this.segments ? undefined : [1, 5];
    else this.#paint(random() < 0.5 ? 0 : 2);
  }

  labels(): ReturnType<typeof labelsOf> {
    const kept = new Uint16Array(this.#truth.length);
    forEach((ijk, n) => {
      if (this.#truth[n] && this.drawn.some((plane) => onPlane(plane, ijk))) kept[n] = this.#truth[n]!;
    });
    for (const [n, label] of this.#painted) kept[n] = label;
    return labelsOf(dims, kept);
  }

  #plane(): DrawnPlane {
    const random = this.#random;
    const at = AXES.map((axis) => Math.floor(dims[axis] * (0.2 + 0.6 * random()))) as [number, number, number];
    if (random() < 0.4) return { point: at, normal: [random() - 0.5, random() - 0.5, random() - 0.5] };
    const axis = AXES[Math.floor(random() * 3)]!;
    return { axis, index: at[axis] };
  }

  #paint(label: number): void {
    const at = AXES.map((axis) => Math.floor(dims[axis] * this.#random()));
    forEach((ijk, n) => {
      if (AXES.every((axis) => Math.abs(ijk[axis] - at[axis]!) < 7)) this.#painted.set(n, label);
    });
  }
}

const slice = (axis: 0 | 1 | 2, index: number): DrawnPlane => ({ axis, index });
const APART = [slice(0, 40), slice(1, 30), slice(2, 32), slice(0, 66)];
const starts: readonly (readonly [string, DrawnPlane[]])[] = [
  ["planes of three directions", APART],
  ["a stack and a plane", [...[14, 24, 34, 44, 54].map((k) => slice(2, k)), slice(1, 30)]],
];

describe.each(starts)("%s that change", (_, drawn) => {
  test.each([3, 4])("are filled as from the start, in one thread and on 1, 2 and 4 workers, seed %i", async (seed) => {
    const drawing = new Drawing(seed + drawn.length, drawn);
    const inOneThread = inlineKernels();
    let reused = 0;
    for (let step = 0; step < 6; step++) {
      const { segments } = drawing;
      const request: FillRequest = {
        drawn: drawing.drawn,
        method: "shape",
        spacingMm,
        ...(segments ? { segments } : {}),
      };
      const labels = drawing.labels();
      const whole = await inlineKernels().fill(labels, request);
      const expected = flattenLabels(dims, whole.bricks);
      for (const kernels of [inOneThread, ...pools]) {
        const found = await kernels.fill(labels, request);
        const flat = flattenLabels(dims, found.bricks);
        expect(
          flat.findIndex((label, n) => label !== expected[n]),
          `step ${step}`,
        ).toBe(-1);
        expect(found.voxels).toBe(whole.voxels);
        const { renewed } = found;
        if (renewed && renewed.fields < renewed.ofFields) reused++;
      }
      drawing.step();
    }
    if (drawn === APART) expect(reused).toBeGreaterThan(3);
  });
});

test("a rough fill comes first where fields are to be solved, is near the whole one, and changes nothing of it or of what is kept", async () => {
  const drawing = new Drawing(7, APART);
  const labels = drawing.labels();
  const request: FillRequest = { drawn: drawing.drawn, method: "shape", spacingMm };
  const whole = await inlineKernels().fill(labels, request);
  const expected = flattenLabels(dims, whole.bricks);
  for (const kernels of [inlineKernels(), pools[1]!]) {
    const progress: number[] = [];
    const roughs: Uint16Array[] = [];
    const onRough = async ({ bricks }: FillProposal): Promise<void> => void roughs.push(flattenLabels(dims, bricks));
    const found = await kernels.fill(labels, request, {
      onRough,
      onProgress: ({ fraction }) => progress.push(fraction ?? 0),
    });
    expect(flattenLabels(dims, found.bricks)).toEqual(expected);
    expect(found.renewed).toMatchObject({ fields: found.renewed!.ofFields });
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(roughs).toHaveLength(1);
    let [both, sum] = [0, 0];
    for (const [n, label] of roughs[0]!.entries()) {
      both += label !== 0 && label === expected[n] ? 2 : 0;
      sum += (label ? 1 : 0) + (expected[n] ? 1 : 0);
    }
    expect(both / sum).toBeGreaterThan(0.9);
    // All is known by now.
    const again = await kernels.fill(labels, request, { onRough });
    expect(roughs).toHaveLength(1);
    expect(again.renewed).toMatchObject({ fields: 0, bricks: 0 });
    expect(flattenLabels(dims, again.bricks)).toEqual(expected);
  }
});

test("a fill whose rough one is refused ends with that, and keeps nothing half done", async () => {
  const drawing = new Drawing(8, APART);
  const labels = drawing.labels();
  const request: FillRequest = { drawn: drawing.drawn, method: "shape", spacingMm };
  const kernels = inlineKernels();
  const refused = new Error("not wanted");
  await expect(kernels.fill(labels, request, { onRough: () => Promise.reject(refused) })).rejects.toBe(refused);
  const found = await kernels.fill(labels, request);
  expect(found.renewed).toMatchObject({ fields: found.renewed!.ofFields });
});
