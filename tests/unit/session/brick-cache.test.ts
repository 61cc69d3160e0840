import { BRICK_VOXELS, type BrickAddress, type BrickPixels, type BrickSource } from "#volume";
import { VoxelwrightError } from "#base";
import { describe, expect, test } from "vitest";
import { BrickCache } from "../../../src/session/brick-cache.ts";

const BYTES = BRICK_VOXELS * 2;

const at = (bi: number): BrickAddress => ({ frame: 0, level: 0, bi, bj: 0, bk: 0 });

function pixels(address: BrickAddress): BrickPixels {
  return { address, voxels: new Int16Array(BRICK_VOXELS).fill(address.bi), min: address.bi, max: address.bi + 1 };
}

/** A store that says how bricks were read of it. */
function storeOf(reads: string[]): BrickSource & { dispose(): void } {
  return {
    async readBrick(address) {
      reads.push(`brick ${address.bi}`);
      return address.bi > 8 ? undefined : pixels(address);
    },
    async readBrickInto(address, into) {
      reads.push(`into ${address.bi}`);
      if (address.bi > 8) return undefined;
      if (address.bi === 7) throw new VoxelwrightError("integrity", "Damaged.");
      into.fill(address.bi);
      return { min: address.bi, max: address.bi + 1 };
    },
    dispose: () => undefined,
  };
}

describe("a brick that is read to a place", () => {
  test("is kept while there is room, and then read past what is kept, which stays", async () => {
    const reads: string[] = [];
    const cache = new BrickCache(storeOf(reads), 2 * BYTES);
    const into = new Int16Array(BRICK_VOXELS);
    for (const bi of [0, 1, 2, 0, 1, 2]) {
      expect(await cache.readBrickInto(at(bi), into)).toEqual({ min: bi, max: bi + 1 });
      expect(into.every((voxel) => voxel === bi)).toBe(true);
    }
    expect(reads).toEqual(["brick 0", "brick 1", "into 2", "into 2"]);
    expect(cache.usedBytes).toBe(2 * BYTES);
    expect(await cache.readBrickInto(at(9), into)).toBeUndefined();
  });

  test("is told when it is damaged, as any other", async () => {
    const cache = new BrickCache(storeOf([]), 0, ({ bi }) => new Error(`Brick ${bi} is damaged.`));
    const damaged: number[] = [];
    cache.damaged.on(({ bi }) => damaged.push(bi));
    await expect(cache.readBrickInto(at(7), new Int16Array(BRICK_VOXELS))).rejects.toThrow("Brick 7 is damaged.");
    expect(damaged).toEqual([7]);
  });

  test("is copied from the source where that has no shorter way", async () => {
    const reads: string[] = [];
    const { readBrick, dispose } = storeOf(reads);
    const cache = new BrickCache({ readBrick, dispose }, 0);
    const into = new Int16Array(BRICK_VOXELS);
    expect(await cache.readBrickInto(at(3), into)).toEqual({ min: 3, max: 4 });
    expect(into.every((voxel) => voxel === 3)).toBe(true);
    expect(reads).toEqual(["brick 3"]);
  });
});
