import { deflateSync } from "node:zlib";
import { fromArrayBuffer } from "geotiff";
import Zstd from "numcodecs/zstd";
import { describe, expect, test, vi } from "vitest";
import { openSources } from "#sources";
import { unpackLzw } from "../../../src/sources/tiff/lzw.ts";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { eachSlice, memoryFile, openOne } from "./files.ts";
import { tiffFile } from "./tiff-file.ts";

/* Pages in packed strips or tiles: every packing, predictor, byte order and type against the numbers that went in. */

vi.setConfig({ testTimeout: 30_000 });

type Numbers = Uint8Array | Int16Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

const TYPES = { u1: Uint8Array, i2: Int16Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };
type Type = keyof typeof TYPES;
const PACKINGS = { none: 1, lzw: 5, deflate: 8, oldDeflate: 32946, packbits: 32773, zstd: 50000 } as const;
type Packing = keyof typeof PACKINGS;

/** Codes of 9 to 12 bits, highest bit first, one code early (TIFF 6.0, section 13), by a table of texts. */
function packLzw(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [bits, held, width] = [0, 0, 9];
  const put = (code: number): void => {
    bits = (bits << width) | code;
    for (held += width; held >= 8; held -= 8) out.push((bits >>> (held - 8)) & 0xff);
    bits &= (1 << held) - 1;
  };
  let table = new Map<string, number>();
  let next = 258;
  const clear = (): void => {
    put(256);
    table = new Map();
    [next, width] = [258, 9];
  };
  clear();
  const codeOf = (text: string): number => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!);
  let text = "";
  for (const byte of bytes) {
    const more = text + String.fromCharCode(byte);
    if (more.length === 1 || table.has(more)) {
      text = more;
      continue;
    }
    put(codeOf(text));
    table.set(more, next++);
    if (next === 1 << width) width++;
    if (next === 4095) {
      clear();
    }
    text = String.fromCharCode(byte);
  }
  if (text !== "") put(codeOf(text));
  next++;
  if (next === 1 << width && width < 12) width++;
  put(257);
  if (held > 0) out.push((bits << (8 - held)) & 0xff);
  return Uint8Array.from(out);
}

function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let n = 0; n < bytes.length; ) {
    let run = 1;
    while (run < 128 && n + run < bytes.length && bytes[n + run] === bytes[n]) run++;
    if (run > 2) out.push(257 - run, bytes[n]!);
    else {
      run = Math.min(run, bytes.length - n);
      out.push(run - 1, ...bytes.subarray(n, n + run));
    }
    n += run;
    if (n % 3 === 0) out.push(128);
  }
  return Uint8Array.from(out);
}

async function pack(bytes: Uint8Array, packing: Packing): Promise<Uint8Array> {
  if (packing === "lzw") return packLzw(bytes);
  if (packing === "packbits") return packBits(bytes);
  if (packing === "zstd") return Zstd.fromConfig({ id: "zstd", level: 3 }).encode(bytes);
  return packing === "none" ? bytes : deflateSync(bytes);
}

/** Bytes of rows of numbers as they are packed. */
function rowsOf(rows: readonly Numbers[], predictor: number, bigEndian: boolean): Uint8Array {
  const parts = rows.map((row) => {
    const size = row.BYTES_PER_ELEMENT;
    if (predictor === 3) {
      const planes = new Uint8Array(row.length * size);
      const own = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
      for (let n = 0; n < row.length; n++)
        for (let byte = 0; byte < size; byte++) planes[(size - 1 - byte) * row.length + n] = own[n * size + byte]!;
      return planes.map((byte, n) => byte - (planes[n - 1] ?? 0));
    }
    const told = predictor === 2 ? (row as Uint16Array).map((value, n) => value - (row[n - 1] ?? 0)) : row.slice();
    const bytes = new Uint8Array(told.buffer);
    if (bigEndian) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
    return bytes;
  });
  return new Uint8Array(Buffer.concat(parts));
}

interface Wanted {
  readonly type: Type;
  readonly packing: Packing;
  readonly predictor: 1 | 2 | 3;
  readonly bigEndian: boolean;
  readonly width: number;
  readonly height: number;
  /** Rows of a strip, or the edges of a tile. */
  readonly block: number | readonly [number, number];
}

async function written(numbers: Numbers, wanted: Wanted): Promise<Uint8Array<ArrayBuffer>> {
  const { type, packing, predictor, bigEndian, width, height, block } = wanted;
  const [blockWidth, blockHeight] = typeof block === "number" ? [width, block] : block;
  const blocks: Uint8Array[] = [];
  for (let top = 0; top < height; top += blockHeight) {
    for (let left = 0; left < width; left += blockWidth) {
      const rows: Numbers[] = [];
      const last = typeof block === "number" ? Math.min(height, top + blockHeight) : top + blockHeight;
      for (let row = top; row < last; row++) {
        const line = new TYPES[type](blockWidth);
        const from = Math.min(row, height - 1) * width;
        for (let n = 0; n < blockWidth; n++) line[n] = numbers[from + Math.min(left + n, width - 1)]!;
        rows.push(line);
      }
      blocks.push(await pack(rowsOf(rows, predictor, bigEndian), packing));
    }
  }
  let at = 8;
  const offsets = blocks.map(({ length }) => {
    const from = at;
    at += length;
    return from;
  });
  const counts = blocks.map(({ length }) => length);
  const bits = TYPES[type].BYTES_PER_ELEMENT * 8;
  return tiffFile(
    [
      {
        width,
        height,
        bits,
        format: type.startsWith("f") ? 3 : type.startsWith("i") ? 2 : 1,
        bytes: new Uint8Array(Buffer.concat(blocks)),
        tags: [
          [259, 3, [PACKINGS[packing]]],
          [317, 3, [predictor]],
          ...(typeof block === "number"
            ? ([
                [273, 4, offsets],
                [278, 4, [blockHeight]],
                [279, 4, counts],
              ] as const)
            : ([
                [322, 4, [blockWidth]],
                [323, 4, [blockHeight]],
                [324, 4, offsets],
                [325, 4, counts],
              ] as const)),
        ],
      },
    ],
    { bigEndian },
  );
}

function drawn(random: () => number, type: Type, count: number): Numbers {
  const numbers = new TYPES[type](count);
  // Runs, slopes and noise, so that every way of packing has something to do.
  for (let n = 0, value = 0; n < count; n++) {
    if (random() < 0.3) value = Math.floor(random() * 60_000);
    else if (random() < 0.5) value += 3;
    numbers[n] = type.startsWith("f") ? value / 7 - 100 : type === "i2" ? value - 30_000 : value;
  }
  return numbers;
}

async function read(bytes: Uint8Array): Promise<number[]> {
  let voxels: number[] = [];
  await eachSlice(await openOne(memoryFile("page.tif", bytes)), (found) => (voxels = [...found]));
  return voxels;
}

const PREDICTORS: Readonly<Record<Type, readonly (1 | 2 | 3)[]>> = {
  u1: [1, 2],
  i2: [1, 2],
  u2: [1, 2],
  u4: [1, 2],
  f4: [1, 3],
  f8: [1, 3],
};

describe("packed pages", () => {
  test.each(
    (Object.keys(PACKINGS) as Packing[]).flatMap((packing) => [1, 2, 3].map((seed) => [packing, seed] as const)),
  )("%s: of every type, byte order and predictor, in strips and tiles (seed %i)", async (packing, seed) => {
    const random = randomFrom(seed * 97 + PACKINGS[packing]);
    for (const type of Object.keys(TYPES) as Type[]) {
      for (const predictor of packing === "none" || packing === "packbits" ? ([1] as const) : PREDICTORS[type]) {
        for (const bigEndian of [false, true]) {
          const [width, height] = [integerFrom(random, 1, 90), integerFrom(random, 1, 70)];
          for (const block of [integerFrom(random, 1, height), [16 * integerFrom(random, 1, 4), 32] as const]) {
            const wanted = { type, packing, predictor, bigEndian, width, height, block };
            const numbers = drawn(random, type, width * height);
            const bytes = await written(numbers, wanted);
            const held = type === "f8" ? Float32Array.from(numbers) : numbers;
            expect(await read(bytes), JSON.stringify(wanted)).toEqual([...held]);
            // The library takes what lies apart from a directory, and predicted numbers, for little endian, and knows no −128 of PackBits.
            if (bigEndian || packing === "packbits") continue;
            const image = await (await fromArrayBuffer(bytes.buffer)).getImage();
            const raster = (await image.readRasters({ interleave: true })) as unknown as Numbers;
            expect([...raster], JSON.stringify(wanted)).toEqual([...numbers]);
          }
        }
      }
    }
  });

  test.each([1, 2, 3, 4, 5])("LZW of long texts, whose table fills again and again (seed %i)", (seed) => {
    const random = randomFrom(seed);
    const letters = integerFrom(random, 1, 256);
    const bytes = Uint8Array.from({ length: integerFrom(random, 1, 200_000) }, () =>
      Math.floor(random() ** 2 * letters),
    );
    const out = new Uint8Array(bytes.length);
    unpackLzw(packLzw(bytes), out);
    expect(Buffer.compare(out, bytes)).toBe(0);
    expect(() => unpackLzw(packLzw(bytes), new Uint8Array(bytes.length + 1))).toThrow("ends early");
  });

  test.each(["none", "deflate"] as const)(
    "%s: a float64 that 32 bits cannot hold becomes infinite, and the others stay",
    async (packing) => {
      for (const bigEndian of [false, true]) {
        const numbers = Float64Array.of(1, -Number.MAX_VALUE, 3, 4, Number.MAX_VALUE, 6, Number.NaN, 8);
        const block = packing === "none" ? ([16, 16] as const) : 1;
        const wanted = { type: "f8", packing, predictor: 1, bigEndian, width: 4, height: 2, block } as const;
        expect(await read(await written(numbers, wanted))).toEqual([1, -Infinity, 3, 4, Infinity, 6, Number.NaN, 8]);
      }
    },
  );

  test.each([false, true])(
    "colours in strips whose places lie apart from their directory (big-endian %s)",
    async (bigEndian) => {
      const colors = Uint8Array.from({ length: 3 * 40 * 30 }, (_, n) => (n * 7) % 251);
      const strip = 40 * 3;
      const offsets = Array.from({ length: 30 }, (_, n) => 8 + n * strip);
      const bytes = tiffFile(
        [
          {
            width: 40,
            height: 30,
            bits: 8,
            samples: 3,
            photometric: 2,
            bytes: colors,
            tags: [
              [273, 4, offsets],
              [278, 4, [1]],
              [279, 4, offsets.map(() => strip)],
              // So long that what comes before it lies beyond what is read of the directory.
              [700, 2, "x".repeat(3000)],
            ],
          },
        ],
        { bigEndian },
      );
      const grey = (n: number): number =>
        Math.round(0.299 * colors[3 * n]! + 0.587 * colors[3 * n + 1]! + 0.114 * colors[3 * n + 2]!);
      expect(await read(bytes)).toEqual(Array.from({ length: 1200 }, (_, n) => grey(n)));
    },
  );

  test("blocks that lie apart in the file, and blocks out of order", async () => {
    const numbers = drawn(randomFrom(5), "u2", 64 * 40);
    const one = await written(numbers, {
      type: "u2",
      packing: "deflate",
      predictor: 1,
      bigEndian: false,
      width: 64,
      height: 40,
      block: 10,
    });
    expect(await read(one)).toEqual([...numbers]);
    const strips = [0, 1, 2, 3].map((n) => deflateSync(new Uint8Array(numbers.slice(n * 640, (n + 1) * 640).buffer)));
    const far = new Uint8Array(60_000);
    const offsets = [40_000, 8, 20_000, 50_000];
    for (const [n, strip] of strips.entries()) far.set(strip, offsets[n]! - 8);
    const tags = [
      [259, 3, [8]],
      [273, 4, offsets],
      [278, 4, [10]],
      [279, 4, strips.map(({ length }) => length)],
    ] as const;
    expect(await read(tiffFile([{ width: 64, height: 40, bits: 16, bytes: far, tags }]))).toEqual([...numbers]);
  });

  test.each(["lzw", "deflate", "packbits", "zstd"] as const)(
    "%s: what is damaged is told, never shown as something else",
    async (packing) => {
      const numbers = drawn(randomFrom(6), "u2", 64 * 64);
      const random = randomFrom(7);
      const whole = await written(numbers, {
        type: "u2",
        packing,
        predictor: 1,
        bigEndian: false,
        width: 64,
        height: 64,
        block: 16,
      });
      let told = 0;
      for (let round = 0; round < 40; round++) {
        const bytes = whole.slice();
        for (let n = 0; n < 4; n++) bytes[integerFrom(random, 8, 2000)] = integerFrom(random, 0, 255);
        const { series } = await openSources([memoryFile("page.tif", bytes)]);
        try {
          let same = true;
          await eachSlice(series[0]!, (voxels) => (same = voxels.every((value, n) => value === numbers[n])));
          // PackBits and LZW have no checksum.
          if (!same) expect(["lzw", "packbits", "zstd"]).toContain(packing);
        } catch (error) {
          expect(error).toMatchObject({ kind: "source" });
          told++;
        }
      }
      if (packing === "deflate") expect(told).toBeGreaterThan(30);
    },
  );
});
