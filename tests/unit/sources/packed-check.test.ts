import Blosc from "numcodecs/blosc";
import { describe, expect, test } from "vitest";
import { registry } from "zarrita";
import { setUpCodecs } from "../../../src/sources/zarr/codecs.ts";
import { randomFrom } from "../../fixtures/random.ts";

const COMPRESSORS = ["blosclz", "lz4", "lz4hc", "zlib", "zstd"] as const;

async function decode(bytes: Uint8Array): Promise<Uint8Array> {
  setUpCodecs();
  const codec = (await registry.get("blosc")!()) as unknown as { fromConfig(): { decode: typeof decode } };
  return codec.fromConfig().decode(bytes);
}

/** Slow steps, which pack into runs of every length. */
function stepped(length: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  let value = 0;
  return Uint8Array.from({ length }, () => (value += random() < 0.2 ? Math.floor(random() * 9) : 0));
}

async function frameOf(cname: (typeof COMPRESSORS)[number], data: Uint8Array, blocksize = 0): Promise<Uint8Array> {
  return Blosc.fromConfig({ id: "blosc", cname, clevel: 9, shuffle: 0, blocksize } as never).encode(data);
}

/** A frame of one block and one stream (c-blosc, README_CHUNK_FORMAT). */
function frameAround(stream: readonly number[], size: number, flags: number): Uint8Array {
  const frame = new Uint8Array(24 + stream.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 1, flags, 1]);
  for (const [n, value] of [size, size, frame.length, 20, stream.length].entries())
    view.setUint32(4 + 4 * n, value, true);
  frame.set(stream, 24);
  return frame;
}

describe("blosc frames", () => {
  test.each(COMPRESSORS)("that are whole pass (%s)", async (cname) => {
    for (let seed = 1; seed <= 12; seed++) {
      const data = stepped(1 + seed * 977, seed);
      expect(await decode(await frameOf(cname, data, [0, 256, 4096][seed % 3]!))).toEqual(data);
    }
  });

  test.each(COMPRESSORS)("whose header is damaged where c-blosc fails are refused (%s)", async (cname) => {
    const frame = await frameOf(cname, stepped(5000, 7));
    const changes: readonly (readonly [number, number])[] = [
      // Versions, the flag without meaning, Snappy, and blocks longer than all there is.
      [0, 1],
      [1, 2],
      [2, frame[2]! | 8],
      [2, (frame[2]! & 31) | (2 << 5)],
      [9, 255],
      [11, 1],
    ];
    for (const [at, value] of changes) {
      const bad = frame.with(at, value);
      await expect(decode(bad), `byte ${at}`).rejects.toThrow(/damaged|version/);
    }
  });

  test("of zlib are held against their checksum", async () => {
    const data = stepped(3000, 3);
    const frame = await frameOf("zlib", data);
    let refused = 0;
    for (let at = 24; at < frame.length; at++) {
      const read = await decode(frame.with(at, frame[at]! ^ 16)).catch(() => undefined);
      // Some bits mean nothing, such as those that fill the last byte.
      if (read) expect(read, `byte ${at}`).toEqual(data);
      else refused++;
    }
    expect(refused).toBeGreaterThan(0.95 * frame.length);
  });

  describe("of BloscLZ", () => {
    const NO_SPLIT = 16;
    test("are runs of literals and matches, the first and last of them literals", async () => {
      // Three literals, five bytes from two before, one literal.
      const stream = [2, 7, 8, 9, (3 << 5) | 0, 1, 0, 5];
      expect([...(await decode(frameAround(stream, 9, NO_SPLIT)))]).toEqual([7, 8, 9, 8, 9, 8, 9, 8, 5]);
    });

    test.each([
      ["literals past the end", [4, 7, 8, 9], 5],
      ["a match from before the start", [2, 7, 8, 9, 3 << 5, 3, 0, 5], 9],
      ["a match at the end", [2, 7, 8, 9, 3 << 5, 1], 8],
      ["a length that is cut off", [2, 7, 8, 9, 7 << 5, 255], 300],
      ["fewer bytes than stated", [2, 7, 8, 9, 3 << 5, 1, 0, 5], 10],
      ["more bytes than stated", [2, 7, 8, 9, 3 << 5, 1, 0, 5], 7],
      ["nothing", [], 8],
    ] as const)("are refused with %s", async (_what, stream, size) => {
      await expect(decode(frameAround(stream, size, NO_SPLIT))).rejects.toThrow("damaged");
    });
  });
});
