import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSources } from "#sources";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { allVoxels, diskFile, diskFolder, eachSlice, memoryFile, openOne } from "./files.ts";

/** A NRRD of bytes 0, 1, 2, … with the given header lines. */
function nrrd(lines: readonly string[], count: number, name = "made.nrrd") {
  return memoryFile(
    name,
    `NRRD0005\ntype: uint8\nencoding: raw\n${lines.join("\n")}\n\n`,
    Uint8Array.from({ length: count }, (_, n) => n),
  );
}

const lps3 = ["space: LPS", "space directions: (1,0,0) (0,2,0) (0,0,3)", "space origin: (5,6,7)"];

describe("NRRD", () => {
  test.each([
    ["left-posterior-superior", [1, 0, 0, 5, 0, 2, 0, 6, 0, 0, 3, 7]],
    ["right-anterior-superior", [-1, 0, 0, -5, 0, -2, 0, -6, 0, 0, 3, 7]],
    ["LAS", [1, 0, 0, 5, 0, -2, 0, -6, 0, 0, 3, 7]],
  ])("space %s becomes LPS", async (space, affine) => {
    const choice = await openOne(nrrd(["dimension: 3", "sizes: 4 3 2", `space: ${space}`, ...lps3.slice(1)], 24));
    expect(choice.description.grid.indexToLps).toEqual(affine);
    expect(choice.description.notes).toEqual([]);
  });

  test("components that come first are taken apart into frames", async () => {
    const lines = [
      "dimension: 4",
      "sizes: 2 4 3 2",
      "kinds: vector domain domain domain",
      "space: LPS",
      "space directions: none (1,0,0) (0,1,0) (0,0,1)",
      "space origin: (0,0,0)",
    ];
    const choice = await openOne(nrrd(lines, 48));
    expect(choice.description.frames).toBe(2);
    expect(choice.description.grid.dims).toEqual([4, 3, 2]);
    expect(await allVoxels(choice, 0)).toEqual(Array.from({ length: 24 }, (_, n) => 2 * n));
    expect(await allVoxels(choice, 1)).toEqual(Array.from({ length: 24 }, (_, n) => 2 * n + 1));
  });

  test.each([
    [1, "4 2 3 2", "(1,0,0) none (0,1,0) (0,0,1)", (n: number, f: number) => (n % 4) + 4 * f + 8 * Math.floor(n / 4)],
    [
      2,
      "4 3 2 2",
      "(1,0,0) (0,1,0) none (0,0,1)",
      (n: number, f: number) => (n % 12) + 12 * f + 24 * Math.floor(n / 12),
    ],
    [3, "4 3 2 2", "(1,0,0) (0,1,0) (0,0,1) none", (n: number, f: number) => n + 24 * f],
  ])("a frame axis in place %i is found", async (_place, sizes, directions, value) => {
    const choice = await openOne(
      nrrd(
        ["dimension: 4", `sizes: ${sizes}`, "space: LPS", `space directions: ${directions}`, "space origin: (0,0,0)"],
        48,
      ),
    );
    for (const frame of [0, 1])
      expect(await allVoxels(choice, frame)).toEqual(Array.from({ length: 24 }, (_, n) => value(n, frame)));
  });

  test("spacings alone are used, and what is assumed is said", async () => {
    const { description } = await openOne(nrrd(["dimension: 3", "sizes: 4 3 2", "spacings: 1 2 3"], 24));
    expect(new ImageGrid(description.grid).spacingMm).toEqual([1, 2, 3]);
    expect(description.notes.join(" ")).toMatch(/sides may be swapped.*no axis directions.*no position/);
  });

  test.each([
    ["ascii", "0 1 2 3\n4 5 6 7 "],
    ["hex", "0001020304 050607"],
  ])("%s encoding", async (encoding, body) => {
    const header = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: ${encoding}\n${lps3.join("\n")}\n\n`;
    expect(await allVoxels(await openOne(memoryFile("t.nrrd", header, body)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("a detached LIST, a skipped line and a gzip body in two files", async () => {
    const header = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: gzip\nline skip: 1\n${lps3.join("\n")}\ndata file: LIST\na.gz\nsub/b.gz\n`;
    const part = (values: number[]) => Buffer.concat([Buffer.from("# a line\n"), gzipSync(Uint8Array.from(values))]);
    const files = [
      memoryFile("d/h.nhdr", header),
      memoryFile("d/a.gz", part([1, 2, 3, 4])),
      memoryFile("d/sub/b.gz", part([5, 6, 7, 8])),
    ];
    const choice = await openOne(...files);
    expect(await allVoxels(choice)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(choice.fileCount).toBe(3);
  });

  test("bzip2 is refused with advice", async () => {
    const file = memoryFile("b.nrrd", "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: bzip2\n\nBZh9");
    expect((await openSources([file])).refused[0]!.message).toMatch(/bzip2.*raw or gzip/);
  });

  test("segments of a segmentation file come with layer, value, colour and code", async () => {
    const keys = [
      "Segment0_ID:=Segment_1",
      "Segment0_Name:=Leber",
      "Segment0_Color:=1 0.5 0",
      "Segment0_Layer:=0",
      "Segment0_LabelValue:=3",
      "Segment0_Tags:=TerminologyEntry:Segmentation category~SCT^123037004^Anatomy~SCT^10200004^Liver~^^~x~^^~^^|",
      "Segment1_ID:=Segment_2",
      "Segment1_Name:=Gefäß",
      "Segment1_Layer:=1",
      "Segment1_LabelValue:=1",
    ];
    const lines = [
      "dimension: 4",
      "sizes: 2 2 2 2",
      "kinds: list domain domain domain",
      "space: LPS",
      "space directions: none (1,0,0) (0,1,0) (0,0,1)",
      "space origin: (0,0,0)",
      ...keys,
    ];
    const choice = await openOne(nrrd(lines, 16, "s.seg.nrrd"));
    expect(choice.segments).toEqual([
      {
        layer: 0,
        value: 3,
        name: "Leber",
        color: "#ff8000",
        code: { scheme: "SCT", value: "10200004", meaning: "Liver" },
      },
      { layer: 1, value: 1, name: "Gefäß" },
    ]);
    expect(choice.description.frames).toBe(2);
  });
});

describe.runIf(hasSharedData)("real NRRD files", () => {
  test("93 numbered files make one head, slice by slice", async () => {
    const files = await diskFolder(sharedData("nrrd/ct-head-detached-93-files"));
    const choice = await openOne(...files);
    expect(choice.fileCount).toBe(94);
    const raw = new Int16Array(await files.find(({ name }) => name === "quarter.47")!.blob.arrayBuffer());
    await eachSlice(choice, (voxels, k) => {
      if (k === 46) expect([...voxels]).toEqual([...raw]);
    });
    expect(choice.description.notes.join(" ")).toMatch(/3d-left-handed.*sides may be swapped/);
  });

  test("Slicer's first segmentations lie where the organ is: the rectum behind the bladder", async () => {
    const place = async (name: string) => {
      const choice = await openOne(await diskFile(sharedData(`seg/slicer-seg-nrrd/EclipseProstate_${name}.seg.nrrd`)));
      expect(choice.segments).toHaveLength(1);
      return new ImageGrid(choice.description.grid).centerLps;
    };
    const [bladder, rectum] = [await place("Shrunk_5_5_5_Bladder"), await place("Expanded_5_5_5_Rectum")];
    expect(rectum[1]).toBeGreaterThan(bladder[1] + 20);
  });
});
