import { BRICK_VOXELS } from "#volume";
import { describe, expect, test } from "vitest";
import { createBrickCodec } from "../../src/workers/codec/brick-codec.ts";
import { decodeReference, encodeReference } from "../../src/workers/reference/codec.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const codec = createBrickCodec(wasmModule);

type Voxels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** A brick of a type, its voxels by index; the type makes them fit. */
function brick(Type: { new (length: number): Voxels }, value: (i: number, j: number, k: number) => number): Voxels {
  const voxels = new Type(BRICK_VOXELS);
  for (let n = 0; n < BRICK_VOXELS; n++) voxels[n] = value(n & 63, (n >> 6) & 63, n >> 12);
  return voxels;
}

/** Noise of `bits` bits on a ramp that `slopes` tilt. */
function noisy(Type: { new (length: number): Voxels }, bits: number, slopes: readonly number[], seed: number): Voxels {
  const random = randomFrom(seed);
  const [i0, j0, k0] = slopes as [number, number, number];
  return brick(Type, (i, j, k) => i * i0 + j * j0 + k * k0 + Math.floor(random() * 2 ** bits) - 2 ** (bits - 1));
}

/** Every width of residuals in tiles of its own, and both parts of a 16-bit one. */
const widths = (Type: { new (length: number): Voxels }, seed: number): Voxels => {
  const random = randomFrom(seed);
  return brick(Type, (i, j, k) => {
    const bits = ((i >> 4) + 4 * (j >> 3) + 7 * k) % (Type === Uint16Array ? 17 : 9);
    return Math.floor(random() * 2 ** bits);
  });
};

/** Voxels and, where it is known, how many bytes they become; `raw` where they stay as they are. */
const cases: readonly (readonly [name: string, voxels: Voxels, bytes?: number | "raw"])[] = [
  ["zeros", brick(Uint8Array, () => 0), 2],
  ["one value, uint8", brick(Uint8Array, () => 255), 2],
  ["one value, int8", brick(Int8Array, () => -128), 2],
  ["one value, uint16", brick(Uint16Array, () => 65_535), 2],
  ["one value, int16", brick(Int16Array, () => -2048), 2],
  ["one voxel another, the first", brick(Int16Array, (i, j, k) => (i + j + k === 0 ? 7 : 0))],
  ["one voxel another, the last", brick(Uint8Array, (i, j, k) => (i + j + k === 189 ? 255 : 0))],
  ["slices that are equal, as of padding", brick(Uint16Array, (i, j) => i * 17 + j * 977)],
  [
    "a border of repeated voxels",
    brick(Int16Array, (i, j, k) => Math.min(i, 40) * 91 - Math.min(j, 9) * 77 + Math.min(k, 20)),
  ],
  ["a wedge", brick(Int16Array, (i, j, k) => i + 2 * j - 3 * k)],
  ["between the extremes of int8", brick(Int8Array, (i, j, k) => ((i ^ j ^ k) & 1 ? 127 : -128))],
  ["between the extremes of uint8", brick(Uint8Array, (i, j) => ((i + j) & 4 ? 255 : 0))],
  ["between the extremes of int16", brick(Int16Array, (i, j, k) => ((i ^ (j >> 2) ^ k) & 1 ? 32_767 : -32_768))],
  ["between the extremes of uint16", brick(Uint16Array, (i, j, k) => ((i ^ j ^ (k >> 1)) & 2 ? 65_535 : 0))],
  ["differences of half the range, either way", brick(Int16Array, (i, j) => (j & 1 ? -32_768 : 0) + (i & 3))],
  ["every value of 16 bits", brick(Uint16Array, (i, j, k) => (i + 64 * j + 4096 * k) * 3)],
  ["every width, uint8, seed 1", widths(Uint8Array, 1)],
  ["every width, uint16, seed 2", widths(Uint16Array, 2)],
  ...[1, 3, 5, 6].map(
    (bits) => [`${bits} bits of noise, uint8, seed ${bits}`, noisy(Uint8Array, bits, [1, 2, -1], bits)] as const,
  ),
  ...[1, 4, 7, 11].map(
    (bits) => [`${bits} bits of noise, int16, seed ${bits}`, noisy(Int16Array, bits, [31, -14, 9], bits)] as const,
  ),
  ["3 bits of noise, int8, seed 9", noisy(Int8Array, 3, [-1, 1, 2], 9)],
  ["noise of all 8 bits, seed 10", noisy(Uint8Array, 8, [0, 0, 0], 10), "raw"],
  ["noise of all 16 bits, seed 11", noisy(Int16Array, 16, [0, 0, 0], 11), "raw"],
];

describe("compressed bricks", () => {
  for (const [name, voxels, wanted] of cases) {
    test(`${name}: the core writes the bytes of the reference, and both read the voxels back`, () => {
      const unsigned = voxels.BYTES_PER_ELEMENT === 1 ? new Uint8Array(voxels.buffer) : new Uint16Array(voxels.buffer);
      const bytes = codec.encode([voxels]);
      const expected = encodeReference(unsigned, (voxels.byteLength * 7) / 8);
      expect(bytes?.length).toBe(expected?.length);
      if (wanted !== undefined) expect(bytes?.length ?? "raw").toBe(wanted);
      if (!bytes || !expected) return;
      expect(Buffer.compare(bytes, expected)).toBe(0);
      const read = voxels.slice().fill(77);
      expect(codec.decode(bytes, read)).toBe(true);
      expect(Buffer.compare(new Uint8Array(read.buffer), new Uint8Array(voxels.buffer))).toBe(0);
      const byReference = unsigned.slice().fill(77);
      decodeReference(bytes, byReference);
      expect(Buffer.compare(new Uint8Array(byReference.buffer), new Uint8Array(voxels.buffer))).toBe(0);
    });
  }

  test("voxels of 32 bits stay as they are", () => {
    expect(codec.encode([new Float32Array(BRICK_VOXELS)])).toBeUndefined();
    expect(codec.encode([new Int32Array(BRICK_VOXELS)])).toBeUndefined();
  });

  test("parts of larger buffers and shared memory are taken and filled", () => {
    const voxels = noisy(Int16Array, 5, [3, 2, 1], 12);
    const shared = new Int16Array(new SharedArrayBuffer(BRICK_VOXELS * 2 + 64), 64, BRICK_VOXELS);
    shared.set(voxels);
    const bytes = codec.encode([shared])!;
    expect(Buffer.compare(bytes, codec.encode([voxels])!)).toBe(0);
    const [a, b] = [BRICK_VOXELS / 4, BRICK_VOXELS / 2];
    const parts = [voxels.slice(0, a), shared.subarray(a, b), voxels.subarray(b)];
    expect(Buffer.compare(bytes, codec.encode(parts)!)).toBe(0);
    const inLarge = new Uint8Array(bytes.length + 3);
    inLarge.set(bytes, 3);
    shared.fill(0);
    expect(codec.decode(inLarge.subarray(3), shared)).toBe(true);
    expect(shared.every((value, n) => value === voxels[n])).toBe(true);
  });

  test("bytes that are too few, too many or of impossible widths are refused, and nothing is written", () => {
    const voxels = noisy(Uint8Array, 3, [1, 1, 1], 13);
    const bytes = codec.encode([voxels])!;
    const wide = bytes.slice();
    wide[5] = 9 << 2;
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    const into = new Uint8Array(BRICK_VOXELS).fill(5);
    for (const wrong of [
      bytes.subarray(0, -1),
      longer,
      wide,
      bytes.subarray(0, 100),
      bytes.subarray(0, 1),
      new Uint8Array(),
    ]) {
      expect(codec.decode(wrong, into)).toBe(false);
    }
    expect(codec.decode(bytes, new Float32Array(BRICK_VOXELS))).toBe(false);
    expect(into.every((value) => value === 5)).toBe(true);
  });
});
