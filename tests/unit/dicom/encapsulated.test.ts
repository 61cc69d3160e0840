import { describe, expect, test } from "vitest";
import { type DataSetBytes, EncapsulatedFrames } from "../../../src/sources/dicom/encapsulated.ts";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { join } from "./write-dicom.ts";

/* Frames of encapsulated voxels, found as they are asked for. */

function item(body: Uint8Array, tag = 0xe000): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, (tag << 16) | 0xfffe, true);
  new DataView(head.buffer).setUint32(4, body.length, true);
  return join([head, body]);
}

interface Written {
  /** Pieces of each frame. */
  readonly frames: readonly (readonly Uint8Array[])[];
  readonly table?: readonly number[];
}

function written({ frames, table = [] }: Written): Uint8Array {
  const items = frames.flat().map((piece) => item(piece));
  return join([item(new Uint8Array(Uint32Array.from(table).buffer)), ...items, item(new Uint8Array(0), 0xe0dd)]);
}

/** Where frames begin, as offset tables count. */
function offsets(frames: Written["frames"]): number[] {
  let at = 0;
  return frames.map((pieces) => {
    const from = at;
    at += pieces.reduce((sum, piece) => sum + 8 + piece.length, 0);
    return from;
  });
}

/** Bytes with the places that were read. */
function bytesOf(all: Uint8Array): DataSetBytes & { readonly reads: number[] } {
  const reads: number[] = [];
  return {
    size: all.length,
    reads,
    read: async (offset, length) => {
      reads.push(offset);
      return all.slice(offset, offset + length);
    },
  };
}

async function framesOf(all: Uint8Array, count: number, order: readonly number[]): Promise<Uint8Array[]> {
  const found = new EncapsulatedFrames(bytesOf(all), 0, count);
  const frames: Uint8Array[] = [];
  await Promise.all(
    order.map(async (frame) => {
      const fragments = await found.of(frame);
      frames[frame] = join(fragments.map(({ offset, byteLength }) => all.subarray(offset, offset + byteLength)));
    }),
  );
  return frames;
}

/** Pieces of frames with the marks of JPEG or JPEG 2000 where `marked`, else random bytes. */
function drawn(random: () => number, count: number, most: number, marked: boolean): Uint8Array[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: integerFrom(random, 1, most) }, (_, n) => {
      const piece = Uint8Array.from(
        { length: 2 * integerFrom(random, 2, 60_000) },
        () => 1 + Math.floor(random() * 250),
      );
      if (marked && n === 0) piece.set([0xff, random() < 0.5 ? 0xd8 : 0x4f]);
      return piece;
    }),
  );
}

const shuffled = (random: () => number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => [random(), n] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, n]) => n);

describe("frames of encapsulated voxels", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("are the same in whatever order they are asked for (seed %i)", async (seed) => {
    const random = randomFrom(seed);
    const count = integerFrom(random, 1, 12);
    for (const [most, marked, withTable] of [
      [1, false, false],
      [1, true, false],
      [3, true, false],
      [3, false, true],
      [3, true, true],
    ] as const) {
      const frames = drawn(random, count, most, marked);
      const table = withTable ? offsets(frames) : [];
      const all = written({ frames, table });
      const wanted = frames.map((pieces) => join(pieces));
      const inOrder = Array.from({ length: count }, (_, n) => n);
      for (const order of [inOrder, inOrder.toReversed(), shuffled(random, count)])
        expect((await framesOf(all, count, order)).map((frame, n) => Buffer.compare(frame, wanted[n]!))).toEqual(
          wanted.map(() => 0),
        );
    }
  });

  test("the first of many is read without a walk through the others", async () => {
    const random = randomFrom(1);
    for (const withTable of [false, true]) {
      const frames = drawn(random, 40, 1, true);
      const all = written({ frames, table: withTable ? offsets(frames) : [] });
      const bytes = bytesOf(all);
      const found = new EncapsulatedFrames(bytes, 0, 40);
      await found.of(0);
      await found.of(1);
      expect(Math.max(...bytes.reads)).toBeLessThan(offsets(frames)[4]!);
    }
  });

  test.each([1, 2, 3, 4])("a table that does not say where fragments begin is passed over (seed %i)", async (seed) => {
    const random = randomFrom(seed);
    const frames = drawn(random, 6, 1, random() < 0.5);
    const right = offsets(frames);
    for (const table of [
      right.map((at) => at + 8),
      right.map(() => 0),
      right.toReversed(),
      right.map((at) => at * 2),
      right.slice(1),
    ]) {
      const all = written({ frames, table });
      const found = await framesOf(all, 6, [0, 1, 2, 3, 4, 5]);
      expect(found.map((frame, n) => Buffer.compare(frame, frames[n]![0]!))).toEqual([0, 0, 0, 0, 0, 0]);
    }
  });

  test("more pieces than frames, or fewer, are told where they are seen", async () => {
    const frames = drawn(randomFrom(3), 5, 1, true);
    const all = written({ frames });
    for (const count of [4, 6]) {
      const found = new EncapsulatedFrames(bytesOf(all), 0, count);
      await expect(found.of(count - 1)).rejects.toThrow(/come in 5 pieces without a usable table/);
      await expect(found.of(0)).rejects.toThrow(/without a usable table/);
    }
    await expect(new EncapsulatedFrames(bytesOf(written({ frames: [] })), 0, 2).of(0)).rejects.toThrow(
      "There are no compressed voxels",
    );
    const damaged = written({ frames });
    damaged[8 + offsets(frames)[2]!] = 7;
    await expect(new EncapsulatedFrames(bytesOf(damaged), 0, 5).of(4)).rejects.toThrow(/damaged at byte/);
    await expect(new EncapsulatedFrames(bytesOf(damaged), 0, 5).of(0)).resolves.toHaveLength(1);
  });
});
