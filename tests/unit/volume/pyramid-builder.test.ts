import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  BRICK_VOXELS,
  BRICK_EDGE,
  type BrickPixels,
  type BuiltBrick,
  brickKey,
  createVoxels,
  type Dims,
  pyramidLevels,
  PyramidBuilder,
  type VoxelArray,
  type VoxelType,
} from "#volume";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";

function randomVolume(dims: Dims, voxelType: VoxelType, seed: number): VoxelArray {
  const random = randomFrom(seed);
  const voxels = createVoxels(voxelType, dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < voxels.length; n++) voxels[n] = integerFrom(random, voxelType.startsWith("u") ? 0 : -120, 120);
  return voxels;
}

/** Plain reference: level l from level l-1 by the mean of the voxels covered. */
function reduce(voxels: VoxelArray, fine: Dims, coarse: Dims, voxelType: VoxelType): VoxelArray {
  const out = createVoxels(voxelType, coarse[0] * coarse[1] * coarse[2]);
  const step = fine.map((n, axis) => (n === coarse[axis] ? 1 : 2));
  for (let k = 0; k < coarse[2]; k++)
    for (let j = 0; j < coarse[1]; j++)
      for (let i = 0; i < coarse[0]; i++) {
        let sum = 0;
        let count = 0;
        for (let c = k * step[2]!; c < Math.min((k + 1) * step[2]!, fine[2]); c++)
          for (let b = j * step[1]!; b < Math.min((j + 1) * step[1]!, fine[1]); b++)
            for (let a = i * step[0]!; a < Math.min((i + 1) * step[0]!, fine[0]); a++) {
              sum += voxels[(c * fine[1] + b) * fine[0] + a]!;
              count++;
            }
        const mean = sum / count;
        out[(k * coarse[1] + j) * coarse[0] + i] = voxelType === "float32" ? mean : Math.floor(mean + 0.5);
      }
  return out;
}

describe("PyramidBuilder", () => {
  it.each([
    ["int16", [70, 65, 130], 1],
    ["uint8", [64, 64, 64], 2],
    ["float32", [129, 3, 66], 3],
    ["uint16", [1, 1, 1], 4],
    ["int32", [200, 64, 1], 5],
  ] as [VoxelType, Dims, number][])(
    "equals the plain reference on every level: %s %s, seed %i",
    (voxelType, dims, seed) => {
      const volume = randomVolume(dims, voxelType, seed);
      const bricks = new Map<string, BrickPixels>();
      const builder = new PyramidBuilder(dims, voxelType, 0, (brick) =>
        bricks.set(brickKey(brick.address), brick.take()),
      );
      const sliceSize = dims[0] * dims[1];
      for (let k = 0; k < dims[2]; k++) builder.push(k, volume.slice(k * sliceSize, (k + 1) * sliceSize) as VoxelArray);
      expect(builder.remaining).toBe(0);

      const levels = pyramidLevels(dims);
      expect(bricks.size).toBe(
        levels.reduce((sum, level) => sum + level.bricks[0] * level.bricks[1] * level.bricks[2], 0),
      );
      let reference = volume;
      levels.forEach((level, n) => {
        if (n > 0) reference = reduce(reference, levels[n - 1]!.dims, level.dims, voxelType);
        const wrong: string[] = [];
        for (let k = 0; k < level.dims[2]; k++)
          for (let j = 0; j < level.dims[1]; j++)
            for (let i = 0; i < level.dims[0]; i++) {
              const at = { frame: 0, level: n, bi: i >> 6, bj: j >> 6, bk: k >> 6 };
              const brick = bricks.get(brickKey(at))!;
              const value = brick.voxels[((k % 64) * 64 + (j % 64)) * 64 + (i % 64)]!;
              if (value !== reference[(k * level.dims[1] + j) * level.dims[0] + i]) wrong.push(`${n}: ${i},${j},${k}`);
            }
        expect(wrong).toEqual([]);
      });
    },
  );

  it.each([
    ["int16", [70, 65, 330], 6],
    ["float32", [3, 130, 200], 7],
    // Deep enough that the pair of a coarse level is half there: level 6 has an odd number of slices after every other slab.
    ["uint8", [2, 1, 4500], 8],
  ] as [VoxelType, Dims, number][])(
    "taken up at random slabs of what was stored gives the bricks of an uninterrupted run: %s %s, seed %i",
    async (voxelType, dims, seed) => {
      const volume = randomVolume(dims, voxelType, seed);
      const sliceSize = dims[0] * dims[1];
      const run = async (from: number, until: number, before: readonly BrickPixels[]): Promise<BrickPixels[]> => {
        const stored = new Map(before.map((brick) => [brickKey(brick.address), brick]));
        const bricks: BrickPixels[] = [];
        const builder = new PyramidBuilder(dims, voxelType, 0, (brick) => bricks.push(brick.take()));
        if (from > 0) await builder.resume(from, { readBrick: async (address) => stored.get(brickKey(address)) });
        for (let k = from; k < until; k++)
          builder.push(k, volume.slice(k * sliceSize, (k + 1) * sliceSize) as VoxelArray);
        return bricks;
      };
      const text = ({ address, voxels, min, max }: BrickPixels): string => {
        const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
        return `${brickKey(address)} ${min} ${max} ${createHash("sha1").update(bytes).digest("hex")}`;
      };
      const whole = await run(0, dims[2], []);
      const wanted = whole.map(text);
      const random = randomFrom(seed);
      const slabs = Math.ceil(dims[2] / BRICK_EDGE);
      for (let n = 0; n < 4; n++) {
        const k = BRICK_EDGE * (1 + integerFrom(random, 0, slabs - 2));
        const before = await run(0, k, []);
        expect([...before, ...(await run(k, dims[2], before))].map(text), `from slice ${k}`).toEqual(wanted);
      }
    },
  );

  it("is not taken up between slabs, at its end, or where a brick is missing", async () => {
    const builder = (): PyramidBuilder => new PyramidBuilder([1, 1, 128], "uint8", 0, () => undefined);
    const nothing = { readBrick: async () => undefined };
    await expect(builder().resume(63, nothing)).rejects.toMatchObject({ kind: "argument" });
    await expect(builder().resume(128, nothing)).rejects.toMatchObject({ kind: "argument" });
    await expect(builder().resume(64, nothing)).rejects.toMatchObject({ kind: "integrity" });
  });

  it("repeats the last voxel past the edge and gives the range of real voxels", () => {
    const bricks: BrickPixels[] = [];
    const builder = new PyramidBuilder([2, 1, 1], "int16", 3, (brick) => bricks.push(brick.take()));
    builder.push(0, Int16Array.of(-5, 9));
    expect(bricks).toHaveLength(1);
    expect(bricks[0]).toMatchObject({ address: { frame: 3, level: 0, bi: 0, bj: 0, bk: 0 }, min: -5, max: 9 });
    expect(bricks[0]!.voxels[BRICK_EDGE - 1]).toBe(9);
    expect(bricks[0]!.voxels.at(-1)).toBe(9);
  });

  it.each([1, 5, 16, 17, 48, 63, 64, 70])("a brick of %i slices is the same as it lies", (depth) => {
    const bricks: BuiltBrick[] = [];
    const twin: BrickPixels[] = [];
    const build = (onBrick: (brick: BuiltBrick) => void): void => {
      const builder = new PyramidBuilder([3, 2, depth], "int16", 0, onBrick);
      for (let k = 0; k < depth; k++)
        builder.push(
          k,
          Int16Array.from({ length: 6 }, (_, n) => k * 6 + n),
        );
    };
    build((brick) => bricks.push(brick));
    build((brick) => twin.push(brick.take()));
    for (const [n, brick] of bricks.entries()) {
      const { planes, ...rest } = brick.takePlanes();
      const { voxels, ...wanted } = twin[n]!;
      expect(rest).toEqual(wanted);
      const bytes = Buffer.concat(planes.map(({ buffer }) => new Uint8Array(buffer)));
      expect(Buffer.compare(bytes, new Uint8Array(voxels.buffer))).toBe(0);
      brick.giveBack(planes);
    }
  });

  it("ignores NaN in the range", () => {
    const bricks: BrickPixels[] = [];
    const builder = new PyramidBuilder([2, 1, 1], "float32", 0, (brick) => bricks.push(brick.take()));
    builder.push(0, Float32Array.of(Number.NaN, 4));
    expect(bricks[0]).toMatchObject({ min: 4, max: 4 });
  });

  it("hands out the slab under way without touching what is stored", () => {
    const bricks: BrickPixels[] = [];
    const builder = new PyramidBuilder([1, 1, 3], "int16", 0, (brick) => bricks.push(brick.take()));
    builder.push(0, Int16Array.of(7));
    const partial = builder.partialBricks();
    expect(partial).toHaveLength(1);
    expect(partial[0]!.voxels[0]).toBe(7);
    builder.push(1, Int16Array.of(8));
    builder.push(2, Int16Array.of(-9));
    expect(builder.partialBricks()).toEqual([]);
    expect(bricks[0]!.voxels[2 * 64 * 64]).toBe(-9);
  });

  it("hands out the coarser levels alone where finer ones take too much", () => {
    const builder = new PyramidBuilder([200, 130, 90], "uint8", 0, () => undefined);
    for (let k = 0; k < 3; k++) builder.push(k, new Uint8Array(200 * 130));
    // 4 × 3, 2 × 2 and 1 bricks a slab.
    const levels = (most?: number) => [...new Set(builder.partialBricks(most).map(({ address }) => address.level))];
    expect(levels()).toEqual([2, 1, 0]);
    expect(levels(17 * BRICK_VOXELS)).toEqual([2, 1, 0]);
    expect(levels(17 * BRICK_VOXELS - 1)).toEqual([2, 1]);
    expect(levels(5 * BRICK_VOXELS - 1)).toEqual([2]);
    expect(levels(BRICK_VOXELS - 1)).toEqual([]);
  });

  it("refuses a slice out of order or of the wrong size", () => {
    const builder = new PyramidBuilder([2, 2, 2], "uint8", 0, () => undefined);
    expect(() => builder.push(1, new Uint8Array(4))).toThrow(/slice 0 was due/);
    expect(() => builder.push(0, new Uint8Array(3))).toThrow();
  });
});
