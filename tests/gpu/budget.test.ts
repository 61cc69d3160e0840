import { describe, expect, it } from "vitest";
import { Emitter } from "#base";
import {
  BrickAtlas,
  type BrickWant,
  focusOn,
  LabelBricks,
  type LabelSource,
  planeBricks,
  planeLevel,
  type SlicePlane,
  VolumeBricks,
  wantsFor,
} from "#gpu";
import type { LabelChange } from "#labelmap";
import {
  type BrickAddress,
  type BrickKey,
  type BrickPixels,
  brickKey,
  type BrickSource,
  type Dims,
  parseBrickKey,
  pyramidLevels,
} from "#volume";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
import { testContext } from "./context.ts";
import { type MemoryVolume, memoryVolume } from "./volumes.ts";

const BRICK = 64 ** 3 * 2;
/** Ranges of cells beside a slot. */
const CELLS = 4096;
/** A texture of one voxel stands in for those that are not made. */
const SMALL = 1024;

const DIMS: Dims = [320, 200, 130];
const SPACING = [1, 0, 0, 0, 0, 1.2, 0, 0, 0, 0, 2, 0] as const;

let made: MemoryVolume | undefined;
const volume = (): MemoryVolume =>
  (made ??= memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: SPACING, voxelAt: (i, j, k) => i + j + k }));

async function settle(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await Promise.resolve();
}

const row = (from: number, to: number, priority = (n: number) => n): BrickWant[] =>
  Array.from({ length: to - from }, (_, n) => ({
    address: { frame: 0, level: 0, bi: from + n, bj: 0, bk: 0 },
    priority: priority(n),
  }));

describe("the budget of the atlas", () => {
  for (const seed of [1, 2, 3]) {
    it(`is kept over a random walk of planes, zooms, volumes and hidden views, least recently used out first (seed ${seed})`, async () => {
      const random = randomFrom(seed);
      const { context, faults } = await testContext();
      const source = volume();
      const { grid } = source;
      const capacity = integerFrom(random, 6, 24);
      const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: capacity * BRICK });
      const bricks = new VolumeBricks({ context, atlas, source, grid, voxelType: "int16" });
      const wants = new Map<string, readonly BrickWant[]>();
      const used = new Map<BrickKey, number>();
      const every = bricks.levels.flatMap(({ level, bricks: [x, y, z] }) =>
        Array.from({ length: x * y * z }, (_, n) => {
          return { frame: 0, level, bi: n % x, bj: Math.floor(n / x) % y, bk: Math.floor(n / (x * y)) };
        }),
      );
      const resident = (): Set<BrickKey> =>
        new Set(every.filter((at) => bricks.table.resident(at.level, [at.bi, at.bj, at.bk])).map(brickKey));

      for (let step = 0; step < 60; step++) {
        const view = ["axial", "coronal", "volume"][integerFrom(random, 0, 2)]!;
        const hide = random() < 0.2;
        if (hide) wants.set(view, []);
        else if (view === "volume") {
          const { level, bricks: count } = bricks.levels[integerFrom(random, 1, bricks.levels.length - 1)]!;
          const [x, y, z] = count;
          wants.set(
            view,
            Array.from({ length: x * y * z }, (_, n) => ({
              address: { frame: 0, level, bi: n % x, bj: Math.floor(n / x) % y, bk: Math.floor(n / (x * y)) },
              priority: 1e6 + n,
            })),
          );
        } else {
          const mmPerPixel = 0.3 + random() * 3;
          const center = grid.toLps([random() * DIMS[0], random() * DIMS[1], random() * DIMS[2]]);
          const plane: SlicePlane = {
            origin: [center[0] - 60 * mmPerPixel, center[1] - 50 * mmPerPixel, center[2]],
            right: [1, 0, 0],
            down: view === "axial" ? [0, 1, 0] : [0, 0, 1],
            mmPerPixel,
            width: 120,
            height: 100,
          };
          const level = planeLevel(grid, bricks.levels, plane);
          const focus = focusOn(plane, grid.centerLps);
          wants.set(view, wantsFor(bricks.levels, 0, level, planeBricks(grid, bricks.levels[level]!, plane, focus)));
        }
        const before = resident();
        const needed = new Map<BrickKey, number>();
        for (const { address, priority } of [...wants.values()].flat())
          needed.set(brickKey(address), Math.min(priority, needed.get(brickKey(address)) ?? Infinity));
        for (const key of needed.keys()) used.set(key, step);
        bricks.want(view, wants.get(view)!);
        await settle();

        const now = resident();
        expect(bricks.residentCount).toBe(now.size);
        expect(now.size).toBeLessThanOrEqual(atlas.capacity);
        expect(atlas.byteLength).toBeLessThanOrEqual(capacity * BRICK);
        expect(context.memory.liveBytes).toBeLessThanOrEqual(capacity * (BRICK + CELLS) + SMALL);
        // What went had not been used for longer than whatever unneeded stayed.
        const unneeded = [...now].filter((key) => !needed.has(key)).map((key) => used.get(key)!);
        for (const key of before) {
          if (now.has(key) || needed.has(key)) continue;
          expect(used.get(key)).toBeLessThanOrEqual(Math.min(...unneeded, step));
        }
        // Nothing that is needed is missing while something else has a place, and the most urgent have theirs.
        const missing = [...needed].filter(([key]) => !now.has(key)).map(([, priority]) => priority);
        if (missing.length > 0) {
          expect(unneeded).toEqual([]);
          const there = [...needed].filter(([key]) => now.has(key)).map(([, priority]) => priority);
          expect(Math.max(...there)).toBeLessThanOrEqual(Math.min(...missing));
        }
        expect(bricks.crowded).toBe(missing.length > 0);
        expect(bricks.inFlight).toBe(0);
      }
      bricks.dispose();
      atlas.dispose();
      expect(context.memory.liveBytes).toBe(0);
      expect(context.memory.holdings()).toEqual([]);
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  it("gives a brick's place to a more urgent one alone, and reads what has no place once", async () => {
    const { context } = await testContext();
    const source = memoryVolume({
      dims: [640, 20, 10],
      voxelType: "int16",
      indexToLps: SPACING,
      voxelAt: (i) => i,
    });
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 4 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source, grid: source.grid, voxelType: "int16" });
    const there = (): number[] =>
      Array.from({ length: 10 }, (_, bi) => bi).filter((bi) => bricks.table.resident(0, [bi, 0, 0]));
    bricks.want(
      "volume",
      row(0, 6, (n) => 100 + n),
    );
    await settle();
    expect(there()).toEqual([0, 1, 2, 3]);
    expect(bricks.crowded).toBe(true);
    expect(source.asked.length).toBe(6);
    bricks.want("axial", row(8, 10));
    await settle();
    expect(there()).toEqual([0, 1, 8, 9]);
    expect(source.asked.length).toBeLessThanOrEqual(6 + 2 + 4);
    // Its wish gone, the others come back without being asked for again.
    bricks.want("axial", []);
    await settle();
    expect(there()).toEqual([0, 1, 2, 3]);
    expect(bricks.wantedBy()).toEqual({ volume: 6 });
    for (const item of [bricks, atlas]) item.dispose();
    context.dispose();
  });

  it("takes as many slots as there are bricks, and little more", async () => {
    const { context } = await testContext();
    const atlas = new BrickAtlas(context, { format: "r8unorm", budgetBytes: 2 ** 30 });
    atlas.reserve(73);
    atlas.take();
    expect(atlas.byteLength / atlas.brickBytes).toBe(80);
    expect(context.memory.holdings()).toEqual([
      { label: "BrickAtlas.r8unorm[0]", count: 1, bytes: 80 * atlas.brickBytes },
    ]);
    atlas.dispose();
    context.dispose();
  });
});

describe("reading bricks", () => {
  /** A source whose answers come when the test says so. */
  function heldBack() {
    const reads: { key: BrickKey; signal: AbortSignal; answer: (brick: BrickPixels | undefined) => void }[] = [];
    const source: BrickSource = {
      readBrick: (address: BrickAddress, options) =>
        new Promise((resolve, reject) => {
          const { signal } = options!;
          signal!.addEventListener("abort", () => reject(signal!.reason as Error));
          reads.push({ key: brickKey(address), signal: signal!, answer: resolve });
        }),
    };
    return { reads, source };
  }

  it("begins nearest to the crosshair, wherever that is in the picture", async () => {
    const { context } = await testContext();
    const memory = volume();
    const { reads, source } = heldBack();
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 64 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source, grid: memory.grid, voxelType: "int16", inFlight: 64 });
    const plane: SlicePlane = {
      origin: [0, 0, 20],
      right: [1, 0, 0],
      down: [0, 1, 0],
      mmPerPixel: 1,
      width: 320,
      height: 240,
    };
    const crosshair = memory.grid.toLps([300, 20, 10]);
    const needed = planeBricks(memory.grid, bricks.levels[0]!, plane, focusOn(plane, crosshair));
    bricks.want("axial", wantsFor(bricks.levels, 0, 0, needed));
    const asked = (level: number): BrickKey[] =>
      reads.map(({ key }) => key).filter((key) => parseBrickKey(key).level === level);
    const at = (level: number, bi: number, bj: number): BrickKey => brickKey({ frame: 0, level, bi, bj, bk: 0 });
    expect(reads[0]!.key).toBe(at(bricks.levels.length - 1, 0, 0));
    expect(asked(2).length).toBeGreaterThan(1);
    expect(asked(2)[0]).toBe(at(2, 1, 0));
    expect(asked(0)[0]).toBe(at(0, 4, 0));
    expect(asked(0).at(-1)).toBe(at(0, 0, 3));
    // Off the picture, the place on it that is nearest counts.
    expect(focusOn(plane, [-50, 500, 0])).toEqual([0, 239]);
    for (const item of [bricks, atlas]) item.dispose();
    context.dispose();
  });

  it("of a hidden view alone is given up, and nothing of it is asked for again", async () => {
    const { context } = await testContext();
    const memory = volume();
    const { reads, source } = heldBack();
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 64 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source, grid: memory.grid, voxelType: "int16", inFlight: 3 });
    bricks.want("axial", row(0, 2));
    bricks.want(
      "coronal",
      row(1, 5, (n) => 10 + n),
    );
    expect(reads.length).toBe(3);
    bricks.want("coronal", []);
    expect(reads.map(({ signal }) => signal.aborted)).toEqual([false, false, true]);
    for (const { key, answer } of [...reads]) answer(memory.bricks.get(key));
    await settle();
    expect(reads.length).toBe(3);
    expect(bricks.inFlight).toBe(0);
    expect(bricks.residentCount).toBe(2);
    for (const item of [bricks, atlas]) item.dispose();
    context.dispose();
  });
});

describe("the budget of labels", () => {
  it("keeps what a view needs now, says what found no place, and has room for other views after", async () => {
    const { context } = await testContext();
    const reads: number[] = [];
    const source: LabelSource = {
      changed: new Emitter<LabelChange>(),
      readBrick: (_, bi) => {
        reads.push(bi);
        return new Uint16Array(64 ** 3).fill(1);
      },
    };
    const atlas = new BrickAtlas(context, { format: "r16uint", budgetBytes: 3 * 64 ** 3 * 2 });
    const labels = new LabelBricks(context, atlas, source, pyramidLevels(DIMS));
    const place = (from: number, to: number): Dims[] => Array.from({ length: to - from }, (_, n) => [from + n, 0, 0]);
    labels.need(0, place(0, 3));
    expect(labels.full).toBe(false);
    labels.need(0, place(1, 5));
    expect(labels.full).toBe(true);
    expect(place(0, 5).map(([bi]) => labels.table.resident(0, [bi, 0, 0]))).toEqual([false, true, true, true, false]);
    const before = reads.length;
    labels.need(0, place(1, 4));
    expect(labels.full).toBe(false);
    expect(reads.length).toBe(before);
    for (const item of [labels, atlas]) item.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  });

  it("comes with the next pictures where one has no time for all, and is stale until then", async () => {
    const { context } = await testContext();
    let value = 1;
    const changed = new Emitter<LabelChange>();
    // Bricks other than the first take two goes.
    const prepared = new Set<number>();
    const source: LabelSource = {
      changed,
      readBrick: () => new Uint16Array(64 ** 3).fill(value),
      prepare: (_level, bi) => bi === 0 || prepared.has(bi) || !prepared.add(bi),
    };
    const brickBytes = 64 ** 3 * 2;
    const atlas = new BrickAtlas(context, { format: "r16uint", budgetBytes: 5 * brickBytes });
    const labels = new LabelBricks(context, atlas, source, pyramidLevels(DIMS));
    const bricks: Dims[] = [0, 1, 2].map((bi) => [bi, 0, 0]);
    const draw = () => {
      labels.need(0, bricks, 1000);
      return [labels.behind, ...bricks.map((at) => labels.table.resident(0, at))];
    };
    const asked = (): Promise<void> => new Promise((resolve) => labels.changed.on(() => resolve()));
    expect(draw()).toEqual([true, true, false, false]);
    await asked();
    expect(draw()).toEqual([false, true, true, true]);
    // A picture without time still ends, and the next ones have it.
    expect(prepared.size).toBe(2);
    const before = labels.uploadedBytes;
    value = 2;
    prepared.clear();
    changed.emit({ brickIndices: [0, 1] });
    expect(draw()).toEqual([true, true, true, true]);
    expect(labels.uploadedBytes - before).toBe(brickBytes);
    await asked();
    expect(draw()).toEqual([false, true, true, true]);
    expect(labels.uploadedBytes - before).toBe(2 * brickBytes);
    for (const item of [labels, atlas]) item.dispose();
    context.dispose();
  });
});
