import Zstd from "numcodecs/zstd";
import { describe, expect, test } from "vitest";
import { ZstdCodec } from "../../../src/sources/zarr/zstd.ts";
import { framesSize } from "../../../src/sources/zarr/zstd-frames.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const codec = ZstdCodec.fromConfig();
const slow = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => Math.sqrt(n) * 3);
const packed = async (data: Uint8Array): Promise<Uint8Array> => Zstd.fromConfig({ id: "zstd", level: 3 }).encode(data);
const joined = (...parts: readonly Iterable<number>[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A frame without the size that it states, as writers that stream make it: a window of 2 MB takes its place. */
function unstated(frame: Uint8Array): Uint8Array {
  const single = (frame[4]! & 0x20) !== 0;
  const width = [single ? 1 : 0, 2, 4, 8][frame[4]! >> 6]!;
  const blocks = frame.subarray(5 + (single ? 0 : 1) + width);
  return joined(MAGIC, [frame[4]! & 4, 0x58], blocks);
}

describe("Zstandard frames", () => {
  test("are read whether they state their size or not, several of them, and past other things", async () => {
    const a = slow(400_000);
    const b = slow(70_001).reverse();
    const [frameA, frameB] = [await packed(a), await packed(b)];
    const skipped = [0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5];
    const cases: readonly (readonly [Uint8Array, Uint8Array, boolean])[] = [
      [frameA, a, true],
      [unstated(frameA), a, false],
      [joined(frameA, frameB), joined(a, b), true],
      [joined(skipped, unstated(frameB), skipped, frameA), joined(b, a), false],
      // A raw block of three bytes and the last one, of four equal ones.
      [
        joined(MAGIC, [0, 0x58], [3 << 3, 0, 0, 7, 8, 9], [(4 << 3) | 3, 0, 0, 5]),
        joined([7, 8, 9, 5, 5, 5, 5]),
        false,
      ],
    ];
    for (const [frames, data, stated] of cases) {
      const size = framesSize(frames);
      expect(size.stated).toBe(stated);
      expect(size.bytes).toBeGreaterThanOrEqual(data.length);
      expect(Buffer.compare(await codec.decode(frames), data)).toBe(0);
    }
  });

  test("that are not whole are damaged, wherever they end and whatever follows", async () => {
    const frame = unstated(await packed(slow(5000)));
    for (let length = 0; length < frame.length; length++)
      await expect(codec.decode(frame.subarray(0, length)), `${length} bytes`).rejects.toThrow();
    await expect(codec.decode(joined(frame, [0]))).rejects.toThrow("no whole");
    await expect(codec.decode(joined(frame, frame.subarray(0, 30)))).rejects.toThrow();
  });

  test("that would take more than any chunk are refused before they are unpacked", async () => {
    // 128 kB of one byte.
    const block = ((128 * 1024) << 3) | 2;
    const blocks = Array.from({ length: 5000 }, () => [block & 255, (block >> 8) & 255, block >> 16, 0]).flat();
    await expect(codec.decode(joined(MAGIC, [0, 0x58], blocks, [1, 0, 0]))).rejects.toThrow(/claims 655360000 bytes/);
  });
});
