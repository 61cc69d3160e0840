import { describe, expect, it } from "vitest";
import type { SourceListing } from "../../../src/sources/source.ts";
import { createDicomReader, decodeFrame, dicomReader } from "../../../src/sources/dicom/index.ts";
import { gridOf, slicesOf } from "./open-dicom.ts";
import { encapsulated, imageFile, type TestElement, type TestImage, words } from "./write-dicom.ts";

const voxels = (start: number): Uint8Array => words(Array.from({ length: 12 }, (_, n) => start + n));

/** Opens one file an image; its voxels start at 100 times its number. */
function open(images: readonly TestImage[]): Promise<SourceListing> {
  const files = images.map((image, n) => imageFile({ instance: n + 1, ...image }, voxels(100 * n)));
  return dicomReader.open(files, files);
}

const at = (z: number): TestImage => ({ position: `0\\0\\${z}` });
const firsts = async (listing: SourceListing, n = 0): Promise<number[]> =>
  (await slicesOf(listing.series[n]!)).map(({ voxels: v }) => v[0]!);
const notes = (listing: SourceListing, n = 0): string => listing.series[n]!.description.notes.join(" ");

describe("slices become a volume by their headers", () => {
  it("sorts by position along the normal", async () => {
    const listing = await open([at(6), at(0), at(4), at(2)]);
    expect(await firsts(listing)).toEqual([100, 300, 200, 0]);
    expect(gridOf(listing.series[0]!).indexToLps).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0]);
  });

  it("keeps voxels of unequal size and the order rows, then columns, of Pixel Spacing", async () => {
    const listing = await open([0, 3].map((z) => ({ ...at(z), spacing: "0.5\\0.25" })));
    expect(gridOf(listing.series[0]!).spacingMm).toEqual([0.25, 0.5, 3]);
  });

  it("keeps a tilted gantry as shear", async () => {
    const listing = await open([0, 1, 2].map((n) => ({ position: `0\\${n}\\${2 * n}` })));
    expect(gridOf(listing.series[0]!).axis(2)).toEqual([0, 1, 2]);
    expect(notes(listing)).toContain("sheared by 26.6°");
  });

  it("gives a slice that does not lie on the line of the others a volume of its own", async () => {
    const listing = await open([at(0), at(2), at(4), { position: "30\\0\\6" }]);
    expect(listing.series.map(({ description }) => description.grid.dims[2])).toEqual([3, 1]);
    expect(notes(listing)).toContain("do not lie on one straight line");
  });

  it("tells time points apart by trigger time before anything weaker", async () => {
    const phase = (z: number, ms: number): TestImage => ({ ...at(z), more: [["00181060", "DS", `${ms}`]] });
    const listing = await open([phase(0, 40), phase(0, 10), phase(2, 10), phase(2, 40)]);
    expect(listing.series[0]!.description.frames).toBe(2);
    expect(await firsts(listing)).toEqual([100, 200, 0, 300]);
    expect(notes(listing)).toContain("in the order of trigger time");
  });

  it("offers an incomplete last time point apart", async () => {
    const point = (z: number, t: number): TestImage => ({ ...at(z), more: [["00200100", "IS", `${t}`]] });
    const listing = await open([
      point(0, 1),
      point(2, 1),
      point(4, 1),
      point(0, 2),
      point(2, 2),
      point(4, 2),
      point(0, 3),
    ]);
    expect(listing.series.map(({ description: { frames, grid } }) => [frames, grid.dims[2]])).toEqual([
      [2, 3],
      [1, 1],
    ]);
  });

  it("keeps frames of reference apart, and localizers out of the stack", async () => {
    const inFrame = (z: number, uid: string): TestImage => ({ ...at(z), more: [["00200052", "UI", uid]] });
    const two = await open([inFrame(0, "1.1"), inFrame(2, "1.1"), inFrame(4, "1.2"), inFrame(6, "1.2")]);
    expect(two.series.map(({ description }) => description.grid.dims[2])).toEqual([2, 2]);
    const scout: TestImage = { ...at(4), more: [["00080008", "CS", "ORIGINAL\\PRIMARY\\LOCALIZER"]] };
    const listing = await open([at(0), at(2), scout]);
    expect(listing.series.map(({ description }) => description.grid.dims[2])).toEqual([2, 1]);
  });

  it("keeps one rescale for the series, or floats where slices differ", async () => {
    const rescaled = (z: number, slope: string): TestImage => ({
      ...at(z),
      more: [
        ["00281052", "DS", "-10"],
        ["00281053", "DS", slope],
      ],
    });
    const same = await open([rescaled(0, "2"), rescaled(2, "2")]);
    expect(same.series[0]!.description).toMatchObject({ voxelType: "uint16", rescale: { slope: 2, intercept: -10 } });
    const differs = await open([rescaled(0, "2"), rescaled(2, "0.1")]);
    expect(differs.series[0]!.description).toMatchObject({
      voxelType: "float32",
      rescale: { slope: 1, intercept: 0 },
      sourceType: "uint16",
    });
    expect(await firsts(differs)).toEqual([-10, 0]);
    expect(notes(differs)).toContain("its own rescale slope");
  });

  it("stacks CT without positions by instance number and says that its place is unknown", async () => {
    const listing = await open([3, 1, 2].map((instance) => ({ instance, without: ["00200032", "00200037"] })));
    expect(await firsts(listing)).toEqual([100, 200, 0]);
    expect(notes(listing)).toMatch(/left and right are not sure.*1 mm is made up/);
  });

  it("notes an image meant to be inverted and keeps its values", async () => {
    const listing = await open([{ more: [["00280004", "CS", "MONOCHROME1"]] }]);
    expect(await firsts(listing)).toEqual([0]);
    expect(notes(listing)).toContain("MONOCHROME1");
  });

  it("gives windows, units and names for people", async () => {
    const more: TestElement[] = [
      ["00281050", "DS", "40\\300"],
      ["00281051", "DS", "400\\1500"],
      ["0008103E", "LO", "Thorax"],
      ["00080020", "DA", "20210304"],
    ];
    const { description } = (await open([{ more }])).series[0]!;
    expect(description).toMatchObject({
      name: "Thorax",
      unit: "HU",
      modality: "CT",
      format: "DICOM",
      window: { center: 40, width: 400 },
    });
    expect(description.metadata).toMatchObject({
      "Patient name": "Test Person",
      "Patient ID": "T1",
      "Study date": "2021-03-04",
    });
  });
});

describe("many frames in one file", () => {
  const group = (z: number, time: number): TestElement[] => [
    ["00209111", "SQ", [[["00209128", "UL", time]]]],
    ["00209113", "SQ", [[["00200032", "DS", `0\\0\\${z}`]]]],
    [
      "00289145",
      "SQ",
      [
        [
          ["00281052", "DS", "-5"],
          ["00281053", "DS", "2"],
          ["00281054", "LO", "HU"],
        ],
      ],
    ],
  ];
  const shared: TestElement = [
    "52009229",
    "SQ",
    [
      [
        ["00209116", "SQ", [[["00200037", "DS", "1\\0\\0\\0\\1\\0"]]]],
        [
          "00289110",
          "SQ",
          [
            [
              ["00280030", "DS", "0.5\\0.5"],
              ["00180050", "DS", "2"],
            ],
          ],
        ],
      ],
    ],
  ];
  const without = ["00200032", "00200037", "00280030"];

  it("sorts an enhanced file's frames by place and time", async () => {
    const order = [
      [4, 2],
      [0, 1],
      [0, 2],
      [4, 1],
    ] as const;
    const more: TestElement[] = [
      ["00280008", "IS", "4"],
      shared,
      ["52009230", "SQ", order.map(([z, time]) => group(z, time))],
    ];
    const pixels = words(order.flatMap((_, n) => Array.from({ length: 12 }, () => n)));
    const file = imageFile({ more, without }, pixels);
    const { series } = await dicomReader.open([file], [file]);
    expect(series[0]!.description).toMatchObject({ frames: 2, rescale: { slope: 2, intercept: -5 }, unit: "HU" });
    expect(gridOf(series[0]!).spacingMm).toEqual([0.5, 0.5, 4]);
    expect((await slicesOf(series[0]!)).map(({ voxels: v }) => v[0])).toEqual([1, 3, 2, 0]);
  });

  it("stacks a nuclear medicine file by its spacing, backwards if that is negative", async () => {
    const more: TestElement[] = [
      ["00280008", "IS", "3"],
      ["00180088", "DS", "-4"],
    ];
    const file = imageFile(
      { modality: "NM", more },
      words([0, 1, 2].flatMap((n) => Array.from({ length: 12 }, () => n))),
    );
    const { series } = await dicomReader.open([file], [file]);
    expect((await slicesOf(series[0]!)).map(({ voxels: v }) => v[0])).toEqual([2, 1, 0]);
    expect(gridOf(series[0]!).originMm[2]).toBe(-8);
  });

  it("refuses ultrasound over time as a moving picture", async () => {
    const file = imageFile(
      { modality: "US", more: [["00280008", "IS", "2"]] },
      words(Array.from({ length: 24 }, () => 0)),
    );
    const { series, refused } = await dicomReader.open([file], [file]);
    expect([series.length, refused[0]!.message]).toEqual([0, "This is a moving picture (US, 2 frames), not a volume."]);
  });

  /** RLE of a 4×3 frame of 16 bits, all voxels `value`. */
  const rle = (value: number): Uint8Array => {
    const header = new Uint8Array(new Uint32Array([2, 64, 66, ...Array.from({ length: 13 }, () => 0)]).buffer);
    return Uint8Array.from([...header, 245, value >> 8, 245, value & 255]);
  };

  it.each([
    ["one fragment a frame, no table", 1 << 20, false],
    ["one fragment a frame, with table", 1 << 20, true],
    ["three fragments a frame, with table", 30, true],
  ])("finds frames: %s", async (_, pieceBytes, table) => {
    const more: TestElement[] = [
      ["00280008", "IS", "3"],
      ["00180088", "DS", "1"],
    ];
    const image = { syntax: "1.2.840.10008.1.2.5", modality: "NM", more };
    const file = imageFile(image, encapsulated([rle(7), rle(300), rle(65535)], pieceBytes, table));
    const { series } = await dicomReader.open([file], [file]);
    expect((await slicesOf(series[0]!)).map(({ voxels: v }) => [...new Set(v)])).toEqual([[7], [300], [65535]]);
  });

  it("reads float voxels as they are", async () => {
    const values = Float32Array.from({ length: 12 }, (_, n) => n / 3);
    const file = imageFile({}, ["7FE00008", "OF", new Uint8Array(values.buffer)]);
    const { series } = await dicomReader.open([file], [file]);
    expect(series[0]!.description.voxelType).toBe("float32");
    expect((await slicesOf(series[0]!))[0]!.voxels).toEqual(values);
  });
});

describe("long reads end when asked", () => {
  it("aborts listing and reading", async () => {
    const signal = AbortSignal.abort();
    const file = imageFile({}, voxels(0));
    await expect(dicomReader.open([file], [file], { signal })).rejects.toMatchObject({ name: "AbortError" });
    const { series } = await dicomReader.open([file], [file]);
    const source = await series[0]!.open();
    await expect(source.slices({ signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("decodes by the pool that it is given, as far ahead as that wants", async () => {
    const files = Array.from({ length: 9 }, (_, n) => imageFile({ instance: n + 1, ...at(n) }, voxels(n)));
    let calls = 0;
    const decode: typeof decodeFrame = (bytes, info) => {
      calls++;
      return decodeFrame(bytes, info);
    };
    const { series } = await createDicomReader({ decode, ahead: 4 }).open(files, files);
    const slices = (await series[0]!.open()).slices()[Symbol.asyncIterator]();
    await slices.next();
    expect(calls).toBe(5);
    const rest: number[] = [];
    for (let next = await slices.next(); !next.done; next = await slices.next()) rest.push(next.value.voxels[0]!);
    expect([calls, rest]).toEqual([9, [1, 2, 3, 4, 5, 6, 7, 8]]);
  });

  it("never holds more than two slices ahead of its reader", async () => {
    const files = Array.from({ length: 20 }, (_, n) => imageFile({ instance: n + 1, ...at(n) }, voxels(n)));
    let reads = 0;
    const counted = files.map(({ name, blob }) => ({
      name,
      blob: new Proxy(blob, {
        get: (target, key) => {
          if (key === "slice") reads++;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      }),
    }));
    const { series } = await dicomReader.open(counted, counted);
    reads = 0;
    const slices = (await series[0]!.open()).slices()[Symbol.asyncIterator]();
    await slices.next();
    expect(reads).toBeLessThanOrEqual(2);
  });
});
