import { describe, expect, it } from "vitest";
import { BRICK_CELLS, BrickAtlas, slotDims, VolumeBricks } from "#gpu";
import { testContext } from "./context.ts";
import { memoryVolume } from "./volumes.ts";

const BRICK = 64 ** 3 * 2;

const wantRow = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({
    address: { frame: 0, level: 0, bi: from + n, bj: 0, bk: 0 },
    priority: n,
  }));

async function settle(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await Promise.resolve();
}

describe("bricks on the GPU", () => {
  it("keeps to its budget and throws out what was not used for longest", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({
      dims: [640, 20, 10],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i) => i,
    });
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 4 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source: volume, grid: volume.grid, voxelType: "int16" });
    bricks.want("axial", wantRow(0, 4));
    await settle();
    expect(bricks.residentCount).toBe(4);
    bricks.want("axial", wantRow(3, 6));
    await settle();
    expect(bricks.residentCount).toBe(4);
    expect([0, 1, 2, 3, 4, 5].map((bi) => bricks.table.resident(0, [bi, 0, 0]))).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    // Beside each brick lie the ranges of its cells, 4 KiB.
    expect(context.memory.liveBytes).toBeLessThanOrEqual(4 * (BRICK + 4096) + 1024);
    bricks.dispose();
    atlas.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  });

  it("never throws out a brick on screen to load another", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({
      dims: [640, 20, 10],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i) => i,
    });
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 4 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source: volume, grid: volume.grid, voxelType: "int16" });
    bricks.want("axial", wantRow(0, 9));
    await settle();
    expect([0, 1, 2, 3].every((bi) => bricks.table.resident(0, [bi, 0, 0]))).toBe(true);
    bricks.dispose();
    atlas.dispose();
    context.dispose();
  });

  it("counts ranges within bricks when a view passes by them, of bricks that planes wanted first too", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({
      dims: [128, 64, 64],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i, j, k) => i - j + k,
    });
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 4 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source: volume, grid: volume.grid, voxelType: "int16" });
    /** Range of the first cell of each slot that was taken. */
    async function firstCells(): Promise<number[][]> {
      const { device } = context;
      const from = bricks.cells.buffer();
      const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
      const read = device.createBuffer({ size: from.size, usage });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, 0, read, 0, from.size);
      device.queue.submit([encoder.finish()]);
      await read.mapAsync(GPUMapMode.READ);
      const ranges = new Float32Array(read.getMappedRange().slice(0));
      read.destroy();
      const { scale, offset } = bricks.format;
      return [0, 1].map((slot) =>
        Array.from(ranges.subarray(slot * BRICK_CELLS * 2, slot * BRICK_CELLS * 2 + 2), (range) =>
          Math.round(range * scale + offset),
        ),
      );
    }
    bricks.want("axial", wantRow(0, 1));
    await settle();
    expect((await firstCells())[0]).toEqual([-63, 126]);
    const ranged = wantRow(0, 2).map((want) => ({ ...want, ranged: true }));
    bricks.want("volume", ranged);
    await settle();
    // A sample in the cell mixes voxels up to the next one.
    expect(await firstCells()).toEqual([
      [-8, 16],
      [56, 80],
    ]);
    bricks.dispose();
    atlas.dispose();
    context.dispose();
  });

  it("fills its atlas anew when that is given less room than it has taken, and keeps what fits when given more", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({
      dims: [640, 20, 10],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i) => i,
    });
    const atlas = new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 4 * BRICK });
    const bricks = new VolumeBricks({ context, atlas, source: volume, grid: volume.grid, voxelType: "int16" });
    bricks.want("axial", wantRow(0, 2));
    await settle();
    bricks.want("axial", wantRow(2, 4));
    await settle();
    expect(bricks.residentCount).toBe(4);
    atlas.setBudgetBytes(2 * BRICK);
    expect(bricks.residentCount).toBe(0);
    await settle();
    // What is on screen comes again by itself.
    expect([0, 1, 2, 3].map((bi) => bricks.table.resident(0, [bi, 0, 0]))).toEqual([false, false, true, true]);
    expect(context.memory.liveBytes).toBeLessThanOrEqual(2 * (BRICK + 4096) + 1024);
    atlas.setBudgetBytes(4 * BRICK);
    expect(bricks.residentCount).toBe(2);
    bricks.want("axial", wantRow(0, 4));
    await settle();
    expect(bricks.residentCount).toBe(4);
    bricks.dispose();
    atlas.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  });

  it("lays slots out within the limits", () => {
    expect(slotDims(512, 32, "down")).toEqual([8, 8, 8]);
    expect(slotDims(9, 32, "up")).toEqual([8, 2, 1]);
    expect(slotDims(4000, 32, "down")).toEqual([8, 8, 32]);
    expect(slotDims(100, 4, "down")).toEqual([4, 4, 4]);
  });
});
