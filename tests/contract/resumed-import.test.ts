import { createHash } from "node:crypto";
import { VoxelwrightError } from "#base";
import { importStudy, repairStudy } from "#session";
import { createMemoryStudyStore, MemoryState, openStudyStore, type StudyStore } from "#storage";
import {
  type BrickPixels,
  createVoxels,
  type Dims,
  pyramidLevels,
  type SliceSource,
  storedBytes,
  type VolumeDescription,
  type VoxelArray,
  type VoxelType,
  withSpacing,
} from "#volume";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { failingWriter } from "../fixtures/failing-writer.ts";
import { integerFrom, randomFrom } from "../fixtures/random.ts";

/* An import that is cut off at any brick and gone on with ends in the bricks of one that was not. */

const STORES: [string, () => Promise<StudyStore>][] = [
  ["memory", async () => createMemoryStudyStore({ state: new MemoryState() })],
  [
    "Dexie with Blobs",
    () => openStudyStore({ name: crypto.randomUUID(), bytes: "blob", indexedDB: new IDBFactory(), IDBKeyRange }),
  ],
];

function describeVolume(dims: Dims, voxelType: VoxelType, frames: number): VolumeDescription {
  return {
    name: "scan",
    grid: { dims, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    voxelType,
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "MR",
    frames,
    notes: [],
    metadata: {},
    format: "NRRD",
  };
}

/** Slices of noise, the same for a seed; `passed` hears where each reading begins. */
function noise(
  description: VolumeDescription,
  seed: number,
  passed: (from: number) => void = () => undefined,
): SliceSource {
  const { grid, voxelType, frames } = description;
  const [columns, rows, depth] = grid.dims;
  const slice = (n: number): VoxelArray => {
    const random = randomFrom(seed * 10_000 + n);
    const voxels = createVoxels(voxelType, columns * rows);
    for (let at = 0; at < voxels.length; at++) voxels[at] = integerFrom(random, 0, 120);
    return voxels;
  };
  return {
    description,
    async *slices({ from = 0 } = {}) {
      passed(from);
      for (let n = from; n < depth * frames; n++)
        yield { frame: Math.floor(n / depth), k: n % depth, voxels: slice(n) };
    },
  };
}

/** Every brick of a study as text. */
async function digest(store: StudyStore, volumeId: string): Promise<string[]> {
  const { description } = (await store.get(volumeId))!;
  const source = store.openBricks(volumeId);
  const found: string[] = [];
  for (let frame = 0; frame < description.frames; frame++) {
    for (const { level, bricks } of pyramidLevels(description.grid.dims)) {
      for (let bk = 0; bk < bricks[2]; bk++)
        for (let bj = 0; bj < bricks[1]; bj++)
          for (let bi = 0; bi < bricks[0]; bi++) found.push(text(await source.readBrick({ frame, level, bi, bj, bk })));
    }
  }
  source.dispose();
  return found;
}

function text(brick: BrickPixels | undefined): string {
  if (!brick) return "missing";
  const { voxels, address, min, max } = brick;
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  return `${Object.values(address).join(",")} ${min} ${max} ${createHash("sha1").update(bytes).digest("hex")}`;
}

describe.each(STORES)("%s", (_name, open) => {
  it.each([
    ["uint8", [130, 65, 300], 1, 11],
    ["int16", [65, 20, 150], 2, 12],
    ["float32", [20, 30, 700], 1, 13],
  ] as [VoxelType, Dims, number, number][])(
    "[K26] an import cut off again and again ends in the bricks of one that was not: %s %s, %i frames, seed %i",
    async (voxelType, dims, frames, seed) => {
      const store = await open();
      const description = describeVolume(dims, voxelType, frames);
      const bytes = storedBytes(description);
      const whole = await store.create("whole", description, bytes);
      const wanted = await importStudy(noise(description, seed), whole, store.openBricks("whole"));

      const random = randomFrom(seed);
      const begins: number[] = [];
      const source = noise(description, seed, (from) => begins.push(from));
      let cuts = 0;
      let slices = 0;
      for (;;) {
        const known = await store.get("cut");
        const writer = await (known ? store.resume("cut", bytes) : store.create("cut", description, bytes));
        expect(writer.wholeSlices).toBe(slices);
        const last = integerFrom(random, 1, 24);
        const ended = await importStudy(source, failingWriter(writer, last), store.openBricks("cut")).then(
          (record) => record,
          (error: unknown) => {
            expect(error).toMatchObject({ kind: "storage" });
            return undefined;
          },
        );
        if (ended) {
          expect(ended).toEqual({ ...wanted, volumeId: "cut", createdAt: ended.createdAt, openedAt: ended.openedAt });
          break;
        }
        cuts++;
        const left = await store.get("cut");
        // Cut off before a slab was whole, nothing is left.
        expect(left?.state).toBe(left ? "cut-off" : undefined);
        expect(left?.wholeSlices ?? 0).toBeGreaterThanOrEqual(slices);
        slices = left?.wholeSlices ?? 0;
        expect(cuts).toBeLessThan(200);
      }
      expect(cuts).toBeGreaterThan(1);
      // It went on at the slice before the whole ones ended, not at the first.
      expect(Math.max(...begins)).toBeGreaterThan(dims[2] / 2);
      expect(await digest(store, "cut")).toEqual(await digest(store, "whole"));
      store.dispose();
    },
    30_000,
  );

  it("[K27] an import goes on only with the voxels that it began with, and is as it was after other ones", async () => {
    const store = await open();
    const description = describeVolume([70, 20, 200], "uint8", 1);
    const bytes = storedBytes(description);
    const first = failingWriter(await store.create("a", description, bytes), 3);
    await expect(importStudy(noise(description, 21), first, store.openBricks("a"))).rejects.toThrow();
    const before = await store.get("a");
    expect(before).toMatchObject({ state: "cut-off", wholeSlices: 64 });
    const other = await store.resume("a", bytes);
    await expect(importStudy(noise(description, 22), other, store.openBricks("a"))).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/Slice 64 is another one/),
    });
    expect(await store.get("a")).toEqual({ ...before, bytes: expect.any(Number) });
    const cancelled = await store.resume("a", bytes);
    const cancel = importStudy(noise(description, 21), cancelled, store.openBricks("a"), {
      signal: AbortSignal.abort(),
    });
    await expect(cancel).rejects.toMatchObject({ name: "AbortError" });
    const again = await store.resume("a", bytes);
    const { state } = await importStudy(noise(description, 21), again, store.openBricks("a"));
    expect(state).toBe("ready");
    store.dispose();
  });

  it("[K36] a voxel size that was given by hand stays the study's when the import goes on, though its files have none", async () => {
    const store = await open();
    const assumed = "1 mm is assumed.";
    const found: VolumeDescription = {
      ...describeVolume([70, 20, 200], "uint8", 1),
      notes: [assumed],
      missingSpacing: { axes: ["i", "j", "k"], notes: [assumed], fixedIjk: [0, 0, 0] },
    };
    const given = withSpacing(found, [0.5, 0.5, 2]);
    const bytes = storedBytes(found);
    const first = failingWriter(await store.create("a", given, bytes), 3);
    await expect(importStudy(noise(given, 25), first, store.openBricks("a"))).rejects.toThrow();
    expect((await store.get("a"))?.description).toEqual(given);
    const again = await store.resume("a", bytes);
    const { state, description } = await importStudy(noise(found, 25), again, store.openBricks("a"));
    expect({ state, description }).toEqual({ state: "ready", description: given });
    expect(given.grid.indexToLps).toEqual([0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 2, 0]);
    store.dispose();
  });

  it("[K37] a new import whose worker dies keeps what is whole, and goes on with it", async () => {
    const store = await open();
    const description = describeVolume([70, 20, 200], "uint8", 1);
    const writer = await store.create("a", description, storedBytes(description));
    const died = new VoxelwrightError("worker", "A worker died.");
    await expect(
      importStudy(noise(description, 24), failingWriter(writer, 6, died), store.openBricks("a")),
    ).rejects.toBe(died);
    const again = await store.resume("a", storedBytes(description));
    expect(again.wholeSlices).toBe(128);
    const { state } = await importStudy(noise(description, 24), again, store.openBricks("a"));
    expect(state).toBe("ready");
    store.dispose();
  });

  it("[K28] a new import that is cancelled, or whose source is damaged, leaves nothing", async () => {
    const store = await open();
    const description = describeVolume([70, 20, 200], "uint8", 1);
    for (const error of [new DOMException("", "AbortError"), new VoxelwrightError("source", "It ends early.")]) {
      const source: SliceSource = {
        description,
        async *slices() {
          for await (const slice of noise(description, 23).slices()) {
            if (slice.k === 150) throw error;
            yield slice;
          }
        },
      };
      const writer = await store.create("a", description, storedBytes(description));
      await expect(importStudy(source, writer, store.openBricks("a"))).rejects.toBe(error);
      expect(await store.list()).toEqual([]);
    }
    store.dispose();
  });
});

it("[K35] the picture for the list is drawn of the middle slice as it comes by, else asked for when all slices are in", async () => {
  const store = createMemoryStudyStore({ state: new MemoryState() });
  const description = describeVolume([20, 10, 150], "uint8", 2);
  const bytes = storedBytes(description);
  const source = noise(description, 41);
  const sums: number[] = [];
  let asked = 0;
  const options = (drawn: string | undefined) => ({
    thumbnailOf: async (middle: VoxelArray): Promise<string | undefined> => {
      sums.push([...middle].reduce((a, b) => a + b));
      return drawn;
    },
    thumbnail: async (): Promise<string> => {
      asked++;
      return "data:asked";
    },
  });
  const imported = async (id: string, drawn: string | undefined): Promise<string | undefined> =>
    (await importStudy(source, await store.create(id, description, bytes), store.openBricks(id), options(drawn)))
      .thumbnail;
  expect(await imported("a", "data:drawn")).toBe("data:drawn");
  expect(asked).toBe(0);
  expect(await imported("b", undefined)).toBe("data:asked");
  expect(asked).toBe(1);
  for await (const { k, frame, voxels } of source.slices({ from: 75 })) {
    if (k === 75 && frame === 0) expect(sums).toEqual([1, 2].map(() => [...voxels].reduce((a, b) => a + b)));
  }

  // What goes on behind the middle never sees it.
  const cut = failingWriter(await store.create("c", description, bytes), 6);
  await importStudy(source, cut, store.openBricks("c"), options("data:drawn")).catch(() => undefined);
  const again = await store.resume("c", bytes);
  expect(again.wholeSlices).toBeGreaterThan(75);
  const { thumbnail } = await importStudy(source, again, store.openBricks("c"), options("data:drawn"));
  expect(thumbnail).toBe("data:asked");
  store.dispose();
});

it("[K29] damaged bricks are replaced by the files that were imported, and by no others", async () => {
  const state = new MemoryState();
  const store = createMemoryStudyStore({ state });
  const description = describeVolume([130, 20, 200], "int16", 1);
  const writer = await store.create("a", description, storedBytes(description));
  await importStudy(noise(description, 31), writer, store.openBricks("a"));
  const wanted = await digest(store, "a");
  await store.update("a", { damaged: true });
  const bricks = [...state.studies.get("a")!.bricks.values()];
  for (const n of [0, 3, bricks.length - 1]) bricks[n]![1000]! ^= 1;
  await expect(digest(store, "a")).rejects.toMatchObject({ kind: "integrity" });
  await expect(repairStudy(noise(description, 32), store, "a")).rejects.toMatchObject({ kind: "source" });
  await expect(digest(store, "a")).rejects.toMatchObject({ kind: "integrity" });
  expect(await repairStudy(noise(description, 31), store, "a")).toBe(3);
  expect(await digest(store, "a")).toEqual(wanted);
  expect(await repairStudy(noise(description, 31), store, "a")).toBe(0);
  expect((await store.get("a"))!.damaged).toBe(false);
  store.dispose();
});
