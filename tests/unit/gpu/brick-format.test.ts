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
  for (const [type, values] of Object.entries(EXTREMES) as [VoxelType, readonly number[]][]) {
    it(`${type} come back, wherever they lie in memory`, () => {
      const format = brickFormat(type);
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

  it("ranges bound what is read", () => {
    for (const [type, values] of Object.entries(EXTREMES) as [VoxelType, readonly number[]][]) {
      const format = brickFormat(type);
      const { scale, offset } = format;
      const [low, high] = texelRange(type, format, Math.min(...values), Math.max(...values));
      if (type !== "float32") expect(low * scale + offset).toBeCloseTo(Math.min(...values), 6);
      expect(high * scale + offset).toBeCloseTo(Math.max(...values), 6);
    }
  });

  it("take as many bytes as the voxels, up to four", () => {
    const bytes = (["uint8", "int8", "uint16", "int16", "int32", "float32"] as const).map(
      (type) => brickFormat(type).brickBytes,
    );
    expect(bytes.map((n) => n / BRICK_VOXELS)).toEqual([1, 1, 2, 2, 4, 4]);
  });
});
