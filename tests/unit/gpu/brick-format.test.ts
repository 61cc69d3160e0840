import { describe, expect, it } from "vitest";
import { brickFormat } from "#gpu";
import { brickTexels, texelRange } from "../../../src/gpu/brick-format.ts";
import { BRICK_VOXELS, createVoxels, type VoxelType } from "#volume";

/** What a shader reads of a texel: bytes as shares of 255, of a pair the second one times 256 and the first, or the number. */
function read(texels: Uint8Array | Uint16Array | Float32Array, n: number): number {
  if (texels instanceof Float32Array) return texels[n]!;
  const bytes = new Uint8Array(texels.buffer, texels.byteOffset + n * texels.BYTES_PER_ELEMENT);
  const [low, high] = [Math.fround(bytes[0]! / 255), Math.fround(bytes[1]! / 255)];
  return texels instanceof Uint8Array ? low : Math.fround(high * 256 + low);
}

const EXTREMES: Partial<Record<VoxelType, readonly number[]>> = {
  uint8: [0, 1, 127, 255],
  int8: [-128, -127, -1, 0, 127],
  uint16: [0, 1, 255, 256, 32767, 32768, 65535],
  int16: [-32768, -32767, -1024, -1, 0, 1, 3071, 32767],
  float32: [-1.5, 0, 3e4],
};

describe("voxels in an atlas", () => {
  for (const bytePairs of [false, true]) {
    for (const [type, values] of Object.entries(EXTREMES) as [VoxelType, readonly number[]][]) {
      it(`${type} come back ${bytePairs ? "from pairs of bytes" : "from plain ones"}, wherever they lie in memory`, () => {
        const format = brickFormat(type, bytePairs);
        const scratch = new Float32Array(BRICK_VOXELS);
        for (const from of [0, 1]) {
          const voxels = createVoxels(type, BRICK_VOXELS + 1).subarray(from, from + BRICK_VOXELS);
          for (let n = 0; n < voxels.length; n++) voxels[n] = values[n % values.length]!;
          const texels = brickTexels(type, format, voxels, scratch);
          expect(texels.byteLength).toBe(format.brickBytes);
          for (let n = 0; n < 1000; n++) {
            const value = Math.fround(read(texels, n) * format.scale) + format.offset;
            expect(Math.abs(value - values[n % values.length]!)).toBeLessThan(
              format.texture === "r32float" ? 1e-9 : 0.01,
            );
          }
        }
      });
    }
  }

  it("ranges bound what is read", () => {
    for (const bytePairs of [false, true]) {
      for (const [type, values] of Object.entries(EXTREMES) as [VoxelType, readonly number[]][]) {
        const format = brickFormat(type, bytePairs);
        const [low, high] = texelRange(type, format, Math.min(...values), Math.max(...values));
        if (type !== "float32") expect(low * format.scale + format.offset).toBeCloseTo(Math.min(...values), 6);
        expect(high * format.scale + format.offset).toBeCloseTo(Math.max(...values), 6);
      }
    }
  });

  it("are half as many bytes in pairs", () => {
    expect(brickFormat("int16", true).brickBytes * 2).toBe(brickFormat("int16", false).brickBytes);
    expect(brickFormat("float32", true)).toEqual(brickFormat("float32", false));
    expect(brickFormat("int32", true)).toEqual(brickFormat("int32", false));
  });
});
