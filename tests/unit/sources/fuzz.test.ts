import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { isVoxelwrightError } from "#base";
import { openLabelmap, openSources, type SourceFile } from "#sources";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { memoryFile } from "./files.ts";
import { niftiHeader } from "./nifti-file.ts";

/** Rounds for each format; each round damages one file in one way. */
const ROUNDS = 150;

const voxels = Uint8Array.from({ length: 8 * 7 * 5 * 2 }, (_, n) => (n * 37) & 255);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const nifti = join(niftiHeader({ dim: [3, 8, 7, 5, 1, 1, 1, 1], datatype: 4, bitpix: 16 }), voxels);
const nrrdHead =
  "NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 8 7 5\nspace directions: (1,0,0) (0,1,0) (0,0,2)\n" +
  "kinds: domain domain domain\nendian: little\nspace origin: (0,0,0)\nSegment0_ID:=a\nSegment0_Layer:=0\nSegment0_LabelValue:=1\n";
const metaHead =
  "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\n" +
  "ElementSpacing = 1 1 2\nDimSize = 8 7 5\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";

function mgh(): Uint8Array {
  const head = new Uint8Array(284);
  const view = new DataView(head.buffer);
  [1, 8, 7, 5, 1, 4].forEach((value, n) => view.setInt32(4 * n, value));
  return join(head, voxels);
}

const good: Readonly<Record<string, SourceFile>> = {
  nifti: memoryFile("a.nii", nifti),
  "nifti gzip": memoryFile("a.nii.gz", gzipSync(nifti)),
  nrrd: memoryFile("a.nrrd", nrrdHead, "encoding: raw\n\n", voxels),
  "nrrd gzip": memoryFile("a.nrrd", nrrdHead, "encoding: gzip\n\n", gzipSync(voxels)),
  "nrrd text": memoryFile("a.nrrd", nrrdHead, "encoding: ascii\n\n", [...new Int16Array(voxels.buffer)].join(" ")),
  metaimage: memoryFile("a.mha", metaHead, voxels),
  mgh: memoryFile("a.mgh", mgh()),
  zip: memoryFile(
    "a.zip",
    zipSync({ "x/a.nii": nifti, "x/b.nrrd": join(text(nrrdHead), text("encoding: raw\n\n"), voxels) }),
  ),
};

type Damage = (bytes: Uint8Array, random: () => number) => Uint8Array;

const damages: Readonly<Record<string, Damage>> = {
  cut: (bytes, random) => bytes.slice(0, integerFrom(random, 0, bytes.length - 1)),
  "flipped bytes": (bytes, random) => {
    const out = bytes.slice();
    for (let n = integerFrom(random, 1, 8); n > 0; n--)
      out[integerFrom(random, 0, out.length - 1)] = integerFrom(random, 0, 255);
    return out;
  },
  "hostile header": (bytes, random) => {
    const out = bytes.slice();
    const view = new DataView(out.buffer);
    const words = [0, -1, 0x7fffffff, -0x80000000, 0x7f800000, 0x7fc00000, 0xffff, 0x7fff7fff];
    for (let n = integerFrom(random, 1, 3); n > 0; n--) {
      view.setInt32(
        integerFrom(random, 0, Math.min(out.length - 4, 400)),
        words[integerFrom(random, 0, words.length - 1)]!,
        random() < 0.5,
      );
    }
    return out;
  },
  "hostile numbers": (bytes, random) => {
    const values = [
      "-1",
      "0",
      "99999999999",
      "1e999",
      "nan",
      "4294967296",
      "",
      "(",
      "none",
      "../../x",
      "%999999999d 1 9 1",
      "LIST",
      "%d 0 999999999 1",
    ];
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 400));
    const numbers = [...head.matchAll(/-?\d+|LOCAL|raw|gzip/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: found } = numbers[integerFrom(random, 0, numbers.length - 1)]!;
    return join(
      bytes.subarray(0, index),
      text(values[integerFrom(random, 0, values.length - 1)]!),
      bytes.subarray(index + found.length),
    );
  },
  "junk in between": (bytes, random) => {
    const at = integerFrom(random, 0, bytes.length);
    return join(
      bytes.subarray(0, at),
      new Uint8Array(integerFrom(random, 1, 64)).fill(integerFrom(random, 0, 255)),
      bytes.subarray(at),
    );
  },
};

/** Opens, lists and reads everything; anything but a value or an error of ours fails the test. */
async function readAll(file: SourceFile): Promise<void> {
  const { series, refused } = await openSources([file, memoryFile("beside.raw", voxels)]);
  expect(series.length + refused.length).toBeGreaterThan(0);
  for (const { message } of refused) expect(message).not.toMatch(/\n|undefined|is not a function|Cannot read/);
  for (const choice of series) {
    const steps = [
      async () => void (await choice.thumbnail()),
      async () => {
        for await (const slice of (await choice.open()).slices()) expect(slice.voxels.length).toBeGreaterThan(0);
      },
      async () => {
        for await (const slice of (await openLabelmap(choice)).slices()) expect(slice.voxels.length).toBeGreaterThan(0);
      },
    ];
    for (const step of steps) {
      await step().catch((error: unknown) => {
        if (!isVoxelwrightError(error)) throw error;
      });
    }
  }
}

describe("damaged files end in a listing, slices or an error of ours, soon", () => {
  for (const [format, file] of Object.entries(good)) {
    test(`${format}: the undamaged file reads`, async () => {
      const { series, refused } = await openSources([file]);
      expect(refused).toEqual([]);
      expect(series.length).toBe(format === "zip" ? 2 : 1);
      expect(series[0]!.description.grid.dims).toEqual([8, 7, 5]);
    });

    const seed = 20_261_123 + format.length * 1009;
    test(`${format}: ${ROUNDS} damages with seed ${seed}`, { timeout: 60_000 }, async () => {
      const random = randomFrom(seed);
      const bytes = new Uint8Array(await file.blob.arrayBuffer());
      const kinds = Object.keys(damages);
      for (let round = 0; round < ROUNDS; round++) {
        const kind = kinds[integerFrom(random, 0, kinds.length - 1)]!;
        const damaged = damages[kind]!(bytes, random);
        const started = performance.now();
        await readAll(memoryFile(file.name, damaged)).catch((error: unknown) => {
          throw new Error(`round ${round}, ${kind}`, { cause: error });
        });
        expect(performance.now() - started, `round ${round}, ${kind}`).toBeLessThan(2000);
      }
    });
  }
});
