import {
  type BrickPixels,
  brickKey,
  createVoxels,
  type Dims,
  PyramidBuilder,
  type PyramidWork,
  type VoxelArray,
  type VoxelType,
} from "#volume";
import { describe, expect, test } from "vitest";
import { createPyramidWork } from "../../src/workers/pyramid/pyramid-work.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const work = createPyramidWork(wasmModule);

/** Everything that a type can hold, NaN, infinities and both zeros among it. */
function anyVoxels(voxelType: VoxelType, count: number, seed: number): VoxelArray {
  const random = randomFrom(seed);
  const voxels = createVoxels(voxelType, count);
  const bits = { uint8: 8, int8: 8, uint16: 16, int16: 16, uint32: 32, int32: 32, float32: 0 }[voxelType];
  const low = voxelType.startsWith("int") ? -(2 ** (bits - 1)) : 0;
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 3.4e38, -3.4e38, 1e-45];
  for (let n = 0; n < count; n++) {
    const draw = random();
    if (voxelType === "float32") voxels[n] = draw < 0.05 ? special[Math.floor(draw * 160)]! : (draw - 0.5) * 1e4;
    // Extremes often, as sums and rounding are at their limits there.
    else voxels[n] = draw < 0.2 ? low : draw < 0.4 ? low + 2 ** bits - 1 : low + Math.floor(random() * 2 ** bits);
  }
  return voxels;
}

function bricksOf(dims: Dims, voxelType: VoxelType, volume: VoxelArray, by?: PyramidWork): BrickPixels[] {
  const bricks: BrickPixels[] = [];
  const builder = new PyramidBuilder(dims, voxelType, 0, (brick) => bricks.push(brick.take()), by);
  const size = dims[0] * dims[1];
  for (let k = 0; k < dims[2]; k++) builder.push(k, volume.subarray(k * size, (k + 1) * size));
  return bricks;
}

function expectSame(found: readonly BrickPixels[], wanted: readonly BrickPixels[]): void {
  const rows = (bricks: readonly BrickPixels[]) => bricks.map(({ address, min, max }) => [brickKey(address), min, max]);
  expect(rows(found)).toEqual(rows(wanted));
  for (const [n, { address, voxels }] of found.entries()) {
    const bytes = (array: VoxelArray): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    expect(Buffer.compare(bytes(voxels), bytes(wanted[n]!.voxels)), brickKey(address)).toBe(0);
  }
}

const SHAPES: readonly (readonly [what: string, dims: Dims])[] = [
  ["one voxel", [1, 1, 1]],
  ["one row", [200, 1, 2]],
  ["one column", [1, 200, 3]],
  ["one vector and one more", [17, 5, 3]],
  ["odd on every axis", [131, 67, 65]],
  ["whole bricks", [128, 64, 64]],
  ["an axis that is not halved", [300, 40, 9]],
  ["another", [9, 300, 130]],
  ["rows and columns left over", [70, 129, 4]],
];

const TYPES: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

describe("the core's work on slices", () => {
  for (const [n, voxelType] of TYPES.entries()) {
    test.each(SHAPES)(
      `${voxelType}, %s, seed ${n}: bricks of every level and their ranges are the plain ones`,
      (_, dims) => {
        const volume = anyVoxels(voxelType, dims[0] * dims[1] * dims[2], n);
        const wanted = bricksOf(dims, voxelType, volume);
        const found = bricksOf(dims, voxelType, volume, work);
        expect(found.map(({ address, min, max }) => [brickKey(address), min, max])).toEqual(
          wanted.map(({ address, min, max }) => [brickKey(address), min, max]),
        );
        for (const [at, { address, voxels }] of found.entries()) {
          const bytes = (array: VoxelArray): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
          expect(Buffer.compare(bytes(voxels), bytes(wanted[at]!.voxels)), brickKey(address)).toBe(0);
        }
      },
    );
  }

  test("a brick of nothing but NaN has no range", () => {
    const [brick] = bricksOf([3, 3, 1], "float32", new Float32Array(9).fill(Number.NaN), work);
    expect([brick!.min, brick!.max]).toEqual([Number.NaN, Number.NaN]);
  });

  test("the next pyramid may be larger than the one before", () => {
    for (const dims of [
      [5, 5, 2],
      [700, 300, 2],
      [6, 6, 2],
    ] as const) {
      const volume = anyVoxels("int16", dims[0] * dims[1] * dims[2], 9);
      expectSame(bricksOf(dims, "int16", volume, work), bricksOf(dims, "int16", volume));
    }
  });
});
