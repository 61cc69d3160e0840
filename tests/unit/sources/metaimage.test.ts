import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSources } from "#sources";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { allVoxels, diskFile, memoryFile, openOne } from "./files.ts";

const head = (...lines: string[]): string =>
  [
    "ObjectType = Image",
    "NDims = 3",
    "DimSize = 3 2 2",
    "ElementSpacing = 1 2 3",
    "Offset = 4 5 6",
    "TransformMatrix = 1 0 0 0 1 0 0 0 1",
    ...lines,
    "",
  ].join("\n");
const counting = Uint8Array.from({ length: 12 }, (_, n) => n + 1);

describe("MetaImage", () => {
  test("rows of TransformMatrix are the directions of the axes", async () => {
    const text = head("ElementType = MET_UCHAR", "ElementDataFile = LOCAL").replace(
      "1 0 0 0 1 0 0 0 1",
      "0 1 0 -1 0 0 0 0 1",
    );
    const { grid } = (await openOne(memoryFile("a.mha", text, counting))).description;
    expect(grid.indexToLps.map((value) => value + 0)).toEqual([0, -2, 0, 4, 1, 0, 0, 5, 0, 0, 3, 6]);
  });

  test.each([
    [
      "zlib in the same file",
      (body: Uint8Array) => [
        memoryFile(
          "a.mha",
          head("CompressedData = True", "ElementType = MET_UCHAR", "ElementDataFile = LOCAL"),
          deflateSync(body),
        ),
      ],
    ],
    [
      "a raw file beside",
      (body: Uint8Array) => [
        memoryFile("d/a.mhd", head("ElementType = MET_UCHAR", "ElementDataFile = a.raw")),
        memoryFile("d/a.raw", body),
      ],
    ],
    [
      "a raw file with a header to skip",
      (body: Uint8Array) => [
        memoryFile("a.mhd", head("HeaderSize = 7", "ElementType = MET_UCHAR", "ElementDataFile = a.raw")),
        memoryFile("a.raw", "1234567", body),
      ],
    ],
    [
      "raw at the end of a file",
      (body: Uint8Array) => [
        memoryFile("a.mhd", head("HeaderSize = -1", "ElementType = MET_UCHAR", "ElementDataFile = a.raw")),
        memoryFile("a.raw", "any length", body),
      ],
    ],
    [
      "numbered slices",
      (body: Uint8Array) => [
        memoryFile("a.mhd", head("ElementType = MET_UCHAR", "ElementDataFile = s%02d.raw 1 2 1")),
        memoryFile("s01.raw", body.subarray(0, 6)),
        memoryFile("s02.raw", body.subarray(6)),
      ],
    ],
    [
      "a list of slices",
      (body: Uint8Array) => [
        memoryFile("a.mhd", head("ElementType = MET_UCHAR", "ElementDataFile = LIST 2D", "p.raw", "q.raw")),
        memoryFile("p.raw", body.subarray(0, 6)),
        memoryFile("q.raw", body.subarray(6)),
      ],
    ],
    [
      "text",
      (body: Uint8Array) => [
        memoryFile(
          "a.mha",
          head("BinaryData = False", "ElementType = MET_UCHAR", "ElementDataFile = LOCAL"),
          [...body].join(" "),
        ),
      ],
    ],
  ])("%s", async (_title, files) => {
    expect(await allVoxels(await openOne(...files(counting)))).toEqual([...counting]);
  });

  test("big endian and channels", async () => {
    const body = new Uint8Array(24 * 2);
    for (let n = 0; n < 24; n++) new DataView(body.buffer).setInt16(2 * n, n - 5, false);
    const text = head(
      "BinaryDataByteOrderMSB = True",
      "ElementNumberOfChannels = 2",
      "ElementType = MET_SHORT",
      "ElementDataFile = LOCAL",
    );
    const choice = await openOne(memoryFile("a.mha", text, body));
    expect(choice.description.frames).toBe(2);
    expect(await allVoxels(choice, 1)).toEqual(Array.from({ length: 12 }, (_, n) => 2 * n + 1 - 5));
    expect(choice.description.notes.join()).toMatch(/channels/);
  });

  test("damaged zlib data ends in an error that names the file", async () => {
    const body = deflateSync(counting);
    body[body.length - 1]! ^= 1;
    const choice = await openOne(
      memoryFile("a.mha", head("CompressedData = True", "ElementType = MET_UCHAR", "ElementDataFile = LOCAL"), body),
    );
    await expect(allVoxels(choice)).rejects.toMatchObject({ kind: "source", subject: "a.mha" });
  });

  test.each(["/etc/passwd", "..\\up.raw", "C:\\x.raw", "a/../../x.raw", "file:///etc/passwd"])(
    "%s is never followed",
    async (reference) => {
      const { refused } = await openSources([
        memoryFile("a.mhd", head("ElementType = MET_UCHAR", `ElementDataFile = ${reference}`)),
      ]);
      expect(refused[0]!.message).toMatch(/outside its own folder/);
    },
  );
});

describe.runIf(hasSharedData)("real MetaImage files", () => {
  test("plain, attached and oriented headers of one head give the same voxels", async () => {
    const raw = await diskFile(sharedData("mha/HeadMRVolume.raw"));
    const expected = [...new Uint8Array(await raw.blob.arrayBuffer())];
    const open = async (name: string, ...more: (typeof raw)[]) =>
      allVoxels(await openOne(await diskFile(sharedData(`mha/${name}`)), ...more));
    expect(await open("HeadMRVolume.mhd", raw)).toEqual(expected);
    expect(await open("HeadMRVolumeCompressed.mha")).toEqual(expected);
    expect(await open("HeadMRVolumeWithDirection.mhd", raw)).toEqual(expected);
  });
});
