import { openSources, type SeriesChoice } from "#sources";
import { describe, expect, test } from "vitest";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { allVoxels, diskFile, memoryFile, openOne } from "./files.ts";
import { type PageToWrite, tiffFile } from "./tiff-file.ts";

const [WIDTH, HEIGHT] = [5, 3];

/** A page whose pixels are `base`, `base` + 1, … */
function page(base: number, more: Partial<PageToWrite> = {}, bigEndian = false): PageToWrite {
  const { bits = 16, format = 1, samples = 1 } = more;
  const bytes = new Uint8Array((WIDTH * HEIGHT * samples * bits) / 8);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < WIDTH * HEIGHT * samples; n++) {
    const at = (n * bits) / 8;
    const value = base + n;
    if (format === 3) {
      if (bits === 64) view.setFloat64(at, value / 4, !bigEndian);
      else view.setFloat32(at, value / 4, !bigEndian);
    } else if (bits === 8) view.setInt8(at, value);
    else if (bits === 16) view.setInt16(at, value, !bigEndian);
    else view.setInt32(at, value, !bigEndian);
  }
  return { width: WIDTH, height: HEIGHT, bytes, bits, format, ...more };
}

const counted = (base: number, factor = 1): number[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, n) => (base + n) * factor);

/** First voxels of every slice, frame by frame. */
async function firsts(choice: SeriesChoice): Promise<number[][]> {
  const source = await choice.open();
  const found: number[][] = [];
  for await (const { frame, voxels } of source.slices()) (found[frame] ??= []).push(voxels[0]!);
  return found;
}

describe("TIFF", () => {
  test.each([
    ["uint8", 8, 1, 100],
    ["int8", 8, 2, -7],
    ["uint16", 16, 1, 40_000],
    ["int16", 16, 2, -900],
    ["uint32", 32, 1, 70_000],
    ["int32", 32, 2, -70_000],
    ["float32", 32, 3, -5],
    ["float32", 64, 3, -5],
  ] as const)(
    "%s of %i bits in either byte order, TIFF and BigTIFF, has the values that were written",
    async (type, bits, format, base) => {
      for (const bigEndian of [false, true]) {
        for (const big of [false, true]) {
          const pages = [0, 20].map((more) => page(base + more, { bits, format }, bigEndian));
          const choice = await openOne(memoryFile("a.tif", tiffFile(pages, { bigEndian, big })));
          expect(choice.description).toMatchObject({
            voxelType: type,
            grid: { dims: [WIDTH, HEIGHT, 2] },
            format: "TIFF",
          });
          const factor = format === 3 ? 0.25 : 1;
          expect(await allVoxels(choice)).toEqual([...counted(base, factor), ...counted(base + 20, factor)]);
          expect(choice.description.notes.join(" ")).toMatch(/no voxel size; 1 mm is assumed/);
          if (bits === 64) expect(choice.description.notes.join(" ")).toMatch(/rounded to 32 bits/);
          expect((await choice.thumbnail()).width).toBe(5);
        }
      }
    },
  );

  test("begins at a later slice, and ends where it is aborted", async () => {
    const source = await (await openOne(memoryFile("a.tif", tiffFile([0, 50, 90].map((n) => page(n)))))).open();
    const from: number[] = [];
    for await (const { k } of source.slices({ from: 1 })) from.push(k);
    expect(from).toEqual([1, 2]);
    const abort = new AbortController();
    await expect(
      (async () => {
        for await (const _ of source.slices({ signal: abort.signal })) abort.abort();
      })(),
    ).rejects.toMatchObject({ name: "AbortError" });
  });

  test("colours become grey, and white for low values is said", async () => {
    const bytes = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, n) => [200, 100, 50][n % 3]!);
    const rgb = { width: WIDTH, height: HEIGHT, bytes, bits: 8, samples: 3, photometric: 2 };
    const choice = await openOne(memoryFile("rgb.tif", tiffFile([rgb])));
    expect(choice.description.voxelType).toBe("uint8");
    expect(new Set(await allVoxels(choice))).toEqual(new Set([Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)]));
    expect(choice.description.notes.join(" ")).toMatch(/Colour is shown as grey/);
    const two = {
      ...page(3),
      samples: 2,
      bytes: new Uint8Array(WIDTH * HEIGHT * 4).map((_, n) => (n % 4 === 0 ? n : 0)),
    };
    const grey = await openOne(memoryFile("grey.tif", tiffFile([two])));
    expect(grey.description.notes.join(" ")).toMatch(/one more number|1 more number/);
    expect((await allVoxels(grey))[3]).toBe(12);
    const white = await openOne(memoryFile("white.tif", tiffFile([page(3, { photometric: 0 })])));
    expect(white.description.notes.join(" ")).toMatch(/low values to be white/);
    expect(await allVoxels(white)).toEqual(counted(3));
  });

  test("voxel sizes come from centimetres, ImageJ or OME, not from a printer's inches", async () => {
    const spacing = async (tags: PageToWrite["tags"]): Promise<readonly number[]> => {
      const pages = [0, 1].map((n) => page(n * 20, n === 0 ? { tags: tags! } : {}));
      const { grid } = (await openOne(memoryFile("a.tif", tiffFile(pages)))).description;
      return [0, 5, 10].map((at) => Number(grid.indexToLps[at]!.toPrecision(6)));
    };
    const across = (x: number, y: number, unit: number): PageToWrite["tags"] => [
      [282, 5, [x, 10]],
      [283, 5, [y, 10]],
      [296, 3, [unit]],
    ];
    expect(await spacing(across(1000, 500, 3))).toEqual([0.1, 0.2, 0.1]);
    expect(await spacing(across(720, 720, 2))).toEqual([1, 1, 1]);
    const imageJ = "ImageJ=1.53t\nimages=2\nslices=2\nunit=micron\nspacing=5.0\n";
    expect(await spacing([[270, 2, imageJ], ...across(20, 20, 1)!])).toEqual([0.0005, 0.0005, 0.005]);
    const ome =
      '<?xml version="1.0"?><OME><Image><Pixels DimensionOrder="XYZCT" SizeZ="2" SizeC="1" SizeT="1" PhysicalSizeX="0.5" ' +
      'PhysicalSizeY="0.25" PhysicalSizeYUnit="mm" PhysicalSizeZ="2"/></Image></OME>';
    expect(await spacing([[270, 2, ome]])).toEqual([0.0005, 0.25, 0.002]);
  });

  test("channels and time points are frames, in the order that the file tells", async () => {
    const open = async (text: string, count = 12) => {
      const pages = Array.from({ length: count }, (_, n) => page(n * 100, n === 0 ? { tags: [[270, 2, text]] } : {}));
      return openOne(memoryFile("a.tif", tiffFile(pages)));
    };
    // Two channels, three slices, two time points.
    const imageJ = await open("ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\n");
    expect(imageJ.description).toMatchObject({ frames: 4, grid: { dims: [WIDTH, HEIGHT, 3] } });
    expect(await firsts(imageJ)).toEqual([
      [0, 200, 400],
      [100, 300, 500],
      [600, 800, 1000],
      [700, 900, 1100],
    ]);
    const pixels = (order: string): string =>
      `<OME><Pixels DimensionOrder="${order}" SizeZ="3" SizeC="2" SizeT="2"/></OME>`;
    expect(await firsts(await open(pixels("XYZCT")))).toEqual([
      [0, 100, 200],
      [300, 400, 500],
      [600, 700, 800],
      [900, 1000, 1100],
    ]);
    expect((await firsts(await open(pixels("XYTCZ"))))[3]).toEqual([300, 700, 1100]);
    const fewer = await open(pixels("XYZCT"), 5);
    expect(fewer.description).toMatchObject({ frames: 1, grid: { dims: [WIDTH, HEIGHT, 5] } });
    expect(fewer.description.notes.join(" ")).toMatch(/tells of 12 pictures and has 5 pages/);
  });

  test("files of one page each are slices in the order of their numbers; others stay apart", async () => {
    const one = (name: string, base: number, more: Partial<PageToWrite> = {}) =>
      memoryFile(name, tiffFile([page(base, more)]));
    const wide = memoryFile("scan/wide.tif", tiffFile([{ ...page(0), width: HEIGHT, height: WIDTH }]));
    const { series, refused } = await openSources([
      one("scan/s10.tif", 1000),
      one("scan/s9.tif", 900),
      one("scan/s1.tif", 100),
      one("other/s2.tif", 200),
      one("scan/byte.tif", 3, { bits: 8 }),
      memoryFile("scan/many.tif", tiffFile([page(1), page(2)])),
      wide,
    ]);
    expect(refused).toEqual([]);
    expect(series.map(({ description, fileCount }) => [description.name, fileCount, description.grid.dims[2]])).toEqual(
      [
        ["s2", 1, 1],
        ["byte", 1, 1],
        ["many", 1, 2],
        ["scan", 3, 3],
        ["wide", 1, 1],
      ],
    );
    const stack = series[3]!;
    expect(await firsts(stack)).toEqual([[100, 900, 1000]]);
    expect(stack.description.notes[0]).toBe("3 files are its slices, in the order of their names.");
    expect(stack.description.notes[1]).toMatch(/Numbers are missing among the names, first between 1 and 9/);
    const even = await openSources([2, 4, 6].map((n) => one(`e/t${n}_x.tif`, n)));
    expect(even.series[0]!.description.notes.join(" ")).not.toMatch(/missing/);
  });

  test("pages of lower resolution or of another kind are left out and said", async () => {
    const small = { ...page(0), width: 2, height: 3, bytes: new Uint8Array(12), tags: [[254, 4, [1]]] as const };
    const bytes = tiffFile([page(0), small, page(20), { ...page(3), width: 3, height: 5 }]);
    const choice = await openOne(memoryFile("a.tif", bytes));
    expect(choice.description.grid.dims).toEqual([WIDTH, HEIGHT, 2]);
    expect(choice.description.notes.join(" ")).toMatch(/One page of lower resolution was left out/);
    expect(choice.description.notes.join(" ")).toMatch(/One page of another size or type was left out/);
  });

  test("what is not read is refused with a reason", async () => {
    const fax = tiffFile([page(0)]);
    const at = [...fax.keys()].find((n) => fax[n] === 3 && fax[n + 1] === 1 && fax[n + 2] === 3)!;
    const coded = fax.slice();
    coded[at + 8] = 4;
    for (const [name, bytes, said] of [
      ["fax.tif", coded, /method 4, which is not read\. Save it with deflate/],
      ["complex.tif", tiffFile([page(0, { bits: 64, format: 1, bytes: new Uint8Array(120) })]), /64 bits/],
      ["loop.tif", tiffFile([page(0), page(1)], { backTo: 0 }), /lead back to one another/],
      ["head.tif", tiffFile([page(0)]).slice(0, 9), /could not be read|Get a fresh copy/],
    ] as const) {
      const { series, refused } = await openSources([memoryFile(name, bytes)]);
      expect(series, name).toEqual([]);
      expect(refused.map((file) => file.name)).toEqual([name]);
      expect(refused[0]!.message).toMatch(said);
    }
    // Said with the slice when its bytes are missing.
    const whole = tiffFile([page(0), page(1)]);
    const damaged = whole.slice();
    damaged.fill(0xff, 8, 8 + WIDTH * HEIGHT * 2);
    expect((await firsts(await openOne(memoryFile("a.tif", damaged))))[0]![0]).toBe(65_535);
  });

  test("a stack of ImageJ behind one directory is read whole, in either byte order, as it writes those of more than 4 GiB", async () => {
    const text = "ImageJ=1.54f\nimages=12\nchannels=2\nslices=3\nframes=2\nunit=mm\nspacing=2\n";
    const size = WIDTH * HEIGHT * 2;
    for (const bigEndian of [false, true]) {
      for (const stripBytes of [size, size * 12]) {
        const stack = Array.from({ length: 12 }, (_, n) => page(n * 100, {}, bigEndian).bytes);
        const first = { ...page(0, { tags: [[270, 2, text]] }), bytes: Buffer.concat(stack), stripBytes };
        const bytes = tiffFile([first], { bigEndian });
        const choice = await openOne(memoryFile("a.tif", bytes));
        expect(choice.description).toMatchObject({ frames: 4, grid: { dims: [WIDTH, HEIGHT, 3] } });
        expect(choice.description.notes.join(" ")).not.toMatch(/are taken as slices/);
        // Channels run fastest, then slices, then times.
        expect(await firsts(choice)).toEqual([
          [0, 200, 400],
          [100, 300, 500],
          [600, 800, 1000],
          [700, 900, 1100],
        ]);
        const brick = await choice.inPlace!.readBrick({ frame: 3, level: 0, bi: 0, bj: 0, bk: 0 });
        expect([...brick.voxels.subarray(0, WIDTH)]).toEqual([700, 701, 702, 703, 704]);
      }
    }
    const cut = text.replace("12", "100").replace("slices=3", "slices=25");
    const bytes = tiffFile([page(0, { tags: [[270, 2, cut]], bytes: new Uint8Array(size * 9), stripBytes: size })]);
    const { refused } = await openSources([memoryFile("a.tif", bytes)]);
    expect(refused[0]!.message).toMatch(/tells of 100 pictures and ends in number \d+.*cut off/);
    // A stack that would take all memory to be listed.
    const pixel = { width: 1, height: 1, bits: 8, bytes: new Uint8Array(3_000_000), stripBytes: 1 };
    const many = tiffFile([{ ...pixel, tags: [[270, 2, text.replace("12", "3000000")]] }]);
    expect((await openSources([memoryFile("a.tif", many)])).refused[0]!.message).toMatch(/more than 100000 pages/);
  });

  test("pages that are not compressed are read where they lie, with strips that follow one another or do not", async () => {
    const rows = (offsets: readonly number[]): PageToWrite =>
      page(7, {
        tags: [
          [273, 4, offsets],
          [278, 4, [1]],
          [279, 4, offsets.map(() => WIDTH * 2)],
        ],
      });
    const ordered = await openOne(memoryFile("a.tif", tiffFile([rows([8, 18, 28])])));
    expect(ordered.inPlace).toBeDefined();
    expect(await allVoxels(ordered)).toEqual(counted(7));
    const shuffled = await openOne(memoryFile("a.tif", tiffFile([rows([28, 8, 18])])));
    expect(shuffled.inPlace).toBeUndefined();
    expect((await allVoxels(shuffled))[0]).toBe(7 + 2 * WIDTH);
    const files = [3, 1, 2].map((n) => memoryFile(`s/${n}.tif`, tiffFile([page(n * 10)])));
    const { series } = await openSources(files);
    expect(series[0]!.inPlace).toBeDefined();
    expect(await allVoxels(series[0]!)).toEqual([...counted(10), ...counted(20), ...counted(30)]);
  });

  test("a DICOM file that begins like a TIFF is none", async () => {
    const bytes = new Uint8Array(400);
    bytes.set([0x49, 0x49, 42, 0]);
    bytes.set(Buffer.from("DICM"), 128);
    const { refused } = await openSources([memoryFile("a.dcm", bytes)]);
    expect(refused[0]!.message).not.toMatch(/TIFF/);
    const cut = await openSources([memoryFile("a.dcm", bytes.slice(0, 100))]);
    expect(cut.refused[0]!.message).toMatch(/cut off/);
  });

  test.each([1, 2, 3, 4])(
    "damage of any kind ends in voxels, a refusal or an error in words, soon (seed %i)",
    { timeout: 60_000 },
    async (seed) => {
      const random = randomFrom(seed);
      const text = "ImageJ=1.53t\nimages=3\nslices=3\nunit=mm\nspacing=2\n";
      const pages = [0, 1, 2].map((n) => page(n * 30, n === 0 ? { tags: [[270, 2, text]] } : {}));
      const whole = tiffFile(pages, { big: seed % 2 === 0 });
      for (let round = 0; round < 60; round++) {
        const bytes = random() < 0.3 ? whole.slice(0, integerFrom(random, 8, whole.length)) : whole.slice();
        for (let n = integerFrom(random, 1, 6); n > 0; n--)
          bytes[integerFrom(random, 4, bytes.length - 1)] = integerFrom(random, 0, 255);
        const { series, refused } = await openSources([memoryFile("a.tif", bytes)]);
        for (const { message } of refused) expect(message).toMatch(/[.]$/);
        for (const choice of series) {
          const { dims } = choice.description.grid;
          expect(dims.every((size) => Number.isInteger(size) && size >= 1)).toBe(true);
          try {
            for await (const { voxels } of (await choice.open()).slices())
              expect(voxels.length).toBe(dims[0] * dims[1]);
          } catch (error) {
            expect(error).toMatchObject({ kind: expect.stringMatching(/source|limit|unsupported/) });
          }
        }
      }
    },
  );

  test.runIf(hasSharedData)("a deflated stack of twenty pages has the sums that Pillow gives", async () => {
    const choice = await openOne(await diskFile(sharedData("tiff/brain-pd-20pages-uint16.tif")));
    expect(choice.description.grid.dims).toEqual([256, 256, 20]);
    const voxels = await allVoxels(choice);
    const sum = (from: number, end: number): number => voxels.slice(from, end).reduce((a, b) => a + b, 0);
    expect(sum(0, voxels.length)).toBe(219_593_921);
    expect([0, 1, 2].map((k) => sum(k * 65_536, (k + 1) * 65_536))).toEqual([9_555_531, 10_413_383, 10_807_334]);
    expect(voxels[19 * 65_536 + 100 * 256 + 50]).toBe(22);
    const slice = await openOne(await diskFile(sharedData("tiff/ct-head-slice.tif")));
    expect((await allVoxels(slice)).reduce((a, b) => a + b, 0)).toBe(5_094_871);
  });
});
