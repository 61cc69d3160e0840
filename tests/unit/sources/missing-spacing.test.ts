import { labelsSpacedAs, openSources, type SeriesChoice, type SourceFile, spacedSeries } from "#sources";
import { ImageGrid } from "#volume";
import { describe, expect, test } from "vitest";
import { imageFile, type TestImage, words } from "../dicom/write-dicom.ts";
import { memoryFile, openOne } from "./files.ts";
import { type NiftiFields, niftiFile } from "./nifti-file.ts";
import { tiffFile } from "./tiff-file.ts";
import { zarrFiles } from "./zarr-writer.ts";

/* Which sizes of voxels each reader says are missing, and where a volume lies once they are given. */

const BODY = new Uint8Array(24);

const nifti = (fields: NiftiFields): SourceFile => niftiFile({ sformCode: 0, ...fields }, BODY);

const nrrd = (...lines: string[]): SourceFile =>
  memoryFile("a.nrrd", ["NRRD0005", "type: uint8", "encoding: raw", ...lines, "", ""].join("\n"), BODY);

const meta = (size: string, ...lines: string[]): SourceFile => {
  const count = size.split(" ").length;
  const head = ["ObjectType = Image", `NDims = ${count}`, `DimSize = ${size}`, ...lines, "ElementType = MET_UCHAR"];
  return memoryFile("a.mha", [...head, "ElementDataFile = LOCAL", ""].join("\n"), BODY);
};

function mgh(oriented: boolean): SourceFile {
  const head = new Uint8Array(284);
  const view = new DataView(head.buffer);
  [1, 4, 3, 2, 1, 0].forEach((value, n) => view.setInt32(4 * n, value));
  view.setInt16(28, oriented ? 1 : 0);
  [1, 1, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1].forEach((value, n) => view.setFloat32(30 + 4 * n, value));
  return memoryFile("a.mgh", head, BODY);
}

const tiff = (description?: string, resolution?: number): SourceFile => {
  const tags = [
    ...(description === undefined ? [] : ([[270, 2, description]] as const)),
    ...(resolution === undefined
      ? []
      : ([
          [282, 5, [resolution, 1]],
          [283, 5, [resolution, 1]],
          [296, 3, [3]],
        ] as const)),
  ];
  const page = { width: 4, height: 3, bits: 8, bytes: new Uint8Array(12) };
  return memoryFile("a.tif", tiffFile([{ ...page, tags }, page]));
};

const ome = (sizes: string): string => `<OME><Image><Pixels SizeZ="2" SizeC="1" SizeT="1" ${sizes}/></Image></OME>`;

const dicom = (...images: TestImage[]): SourceFile[] =>
  images.map((image, n) => imageFile({ instance: n + 1, ...image }, words(Array.from({ length: 12 }, () => n))));

const zarr = (transformations: readonly object[], axes?: readonly object[]): Promise<SourceFile[]> => {
  const shape = axes ? [3, 4] : [2, 3, 4];
  return zarrFiles("a.zarr", {
    ...(axes ? { axes } : {}),
    resolutions: [{ shape, value: () => 0 }],
    chunks: shape,
    multiscales: { datasets: [{ path: "0", coordinateTransformations: transformations }] },
  });
};

const at = (z: number): TestImage => ({ position: `0\\0\\${z}` });
const plane = ["y", "x"].map((name) => ({ name, type: "space", unit: "millimeter" }));

test.each<[string, SourceFile[] | Promise<SourceFile[]>, string, number[]]>([
  ["NIfTI with sizes", [nifti({ pixdim: [1, 2, 3, 4] })], "", [2, 3, 4]],
  ["NIfTI without", [nifti({ pixdim: [1, 0, 0, 0] })], "ijk", [1, 1, 1]],
  ["NIfTI without one", [nifti({ pixdim: [1, 2, 3, 0] })], "k", [2, 3, 1]],
  ["NIfTI with an sform", [nifti({ pixdim: [1, 0, 0, 0], sformCode: 1 })], "", [1, 1, 1]],
  ["NRRD with spacings", [nrrd("dimension: 3", "sizes: 4 3 2", "spacings: 2 3 4")], "", [2, 3, 4]],
  ["NRRD without one", [nrrd("dimension: 3", "sizes: 4 3 2", "spacings: 2 3 nan")], "k", [2, 3, 1]],
  ["NRRD without", [nrrd("dimension: 3", "sizes: 4 3 2")], "ijk", [1, 1, 1]],
  [
    "NRRD without, lengths in centimetres",
    [nrrd("dimension: 3", "sizes: 4 3 2", "space dimension: 3", 'space units: "cm" "cm" "cm"', "spacings: 2 nan nan")],
    "jk",
    [20, 1, 1],
  ],
  ["NRRD of a picture", [nrrd("dimension: 2", "sizes: 4 6", "spacings: 2 3")], "k", [2, 3, 1]],
  ["MetaImage with spacing", [meta("4 3 2", "ElementSpacing = 2 3 4")], "", [2, 3, 4]],
  ["MetaImage with a size", [meta("4 3 2", "ElementSize = 2 3 4")], "", [2, 3, 4]],
  ["MetaImage without", [meta("4 3 2")], "ijk", [1, 1, 1]],
  ["MetaImage of a picture", [meta("4 6", "ElementSpacing = 2 3")], "k", [2, 3, 1]],
  ["MGH with its place", [mgh(true)], "", [1, 1, 2]],
  ["MGH without", [mgh(false)], "ijk", [1, 1, 1]],
  ["TIFF without", [tiff()], "ijk", [1, 1, 1]],
  ["TIFF with pixels a centimetre", [tiff(undefined, 50)], "k", [0.2, 0.2, 0.2]],
  [
    "OME-TIFF with all",
    [tiff(ome('PhysicalSizeX="500" PhysicalSizeY="250" PhysicalSizeZ="2000"'))],
    "",
    [0.5, 0.25, 2],
  ],
  ["OME-TIFF without z", [tiff(ome('PhysicalSizeX="500" PhysicalSizeY="500"'))], "k", [0.5, 0.5, 0.5]],
  ["OME-TIFF with z alone", [tiff(ome('PhysicalSizeZ="2000"'))], "ij", [1, 1, 2]],
  ["DICOM with all", dicom(at(0), at(3)), "", [1, 1, 3]],
  [
    "DICOM without Pixel Spacing",
    dicom({ ...at(0), without: ["00280030"] }, { ...at(3), without: ["00280030"] }),
    "ij",
    [1, 1, 3],
  ],
  ["DICOM without anything", dicom({ without: ["00280030", "00200032", "00200037", "00180050"] }), "ijk", [1, 1, 1]],
  ["OME-Zarr with a scale", zarr([{ type: "scale", scale: [4, 3, 2] }]), "", [2, 3, 4]],
  ["OME-Zarr without", zarr([{ type: "translation", translation: [1, 1, 1] }]), "ijk", [1, 1, 1]],
  ["OME-Zarr of one slice", zarr([{ type: "scale", scale: [3, 2] }], plane), "k", [2, 3, 1]],
])("%s", async (_name, files, axes, spacing) => {
  const { description } = await openOne(...(await files));
  const { missingSpacing: missing, notes, grid } = description;
  expect((missing?.axes ?? []).join("")).toBe(axes);
  for (const [axis, mm] of new ImageGrid(grid).spacingMm.entries()) expect(mm).toBeCloseTo(spacing[axis]!, 6);
  // What is assumed is said, in a note that can be told from the others.
  expect(notes.some((note) => missing?.notes.includes(note) ?? false)).toBe(axes !== "");
});

describe("sizes that are given", () => {
  const grids = async (file: SourceFile): Promise<[ImageGrid, ImageGrid, SeriesChoice]> => {
    const found = await openOne(file);
    const given = spacedSeries(found, [0.5, 2, 4]);
    return [new ImageGrid(found.description.grid), new ImageGrid(given.description.grid), given];
  };

  test("leave the middle of a NIfTI volume at the origin, as its reader put it there", async () => {
    const [, grid] = await grids(nifti({ pixdim: [1, 0, 0, 0] }));
    expect(grid.spacingMm).toEqual([0.5, 2, 4]);
    const middle = grid.toLps([1.5, 1, 0.5]).map((mm) => mm + 0);
    expect(middle).toEqual([0, 0, 0]);
    // The same as if the header had them.
    const { description } = await openOne(nifti({ pixdim: [1, 0.5, 2, 4] }));
    expect(grid.indexToLps.map((mm) => mm + 0)).toEqual(description.grid.indexToLps.map((mm) => mm + 0));
  });

  test("leave the middle of an MGH volume at the origin", async () => {
    const [before, grid] = await grids(mgh(false));
    expect(grid.toLps([2, 1.5, 1]).map((mm) => mm + 0)).toEqual(before.toLps([2, 1.5, 1]).map((mm) => mm + 0));
    expect(grid.spacingMm).toEqual([0.5, 2, 4]);
  });

  test("leave the first voxel of others where it is", async () => {
    for (const file of [tiff(), nrrd("dimension: 3", "sizes: 4 3 2"), meta("4 3 2", "Offset = 7 8 9")]) {
      const [before, grid] = await grids(file);
      expect(grid.originMm).toEqual(before.originMm);
      expect(grid.spacingMm).toEqual([0.5, 2, 4]);
    }
  });

  test("are those of the picture in the list, which is drawn as the reader draws it", async () => {
    const inverted: TestImage = { without: ["00280030"], more: [["00280004", "CS", "MONOCHROME1"]] };
    for (const files of [[tiff()], [nifti({ pixdim: [1, 0, 0, 0] })], await zarr([]), dicom(inverted)]) {
      const found = await openOne(...files);
      const given = spacedSeries(found, [0.5, 2, 4]);
      const drawn = await given.thumbnail();
      // 4 × 3 voxels of 0.5 × 2 mm stand upright.
      expect([drawn.width, drawn.height]).toEqual([1, 4]);
      // A picture that the reader alone can draw, as of a DICOM whose black is white, is left to it.
      expect(given.thumbnailOf === undefined).toBe(found.thumbnailOf === undefined);
      if (given.thumbnailOf) expect(given.thumbnailOf(new Uint8Array(12)).height).toBe(4);
    }
  });

  test("are those of the slices that are read", async () => {
    const [, , given] = await grids(tiff());
    const source = await given.open();
    expect(source.description).toEqual(given.description);
    let slices = 0;
    for await (const { voxels } of source.slices()) slices += voxels.length;
    expect(slices).toBe(24);
  });

  test("of labels are the scan's where they lack one, and their own elsewhere", async () => {
    const labels = await openOne(nifti({ pixdim: [1, 2, 3, 0] }));
    const scan = new ImageGrid({ dims: [4, 3, 2], indexToLps: [5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 7, 0] });
    const { grid, notes } = labelsSpacedAs(labels, scan).description;
    expect(new ImageGrid(grid).spacingMm).toEqual([2, 3, 7]);
    expect(notes).toContain("Voxel size along k, 7 mm, is that of the scan; the file has none there.");
    expect(notes.join(" ")).not.toMatch(/by hand/);
  });

  test("are those of every volume that files hold, in whatever order they come", async () => {
    const files = [tiff(), nifti({ pixdim: [1, 0, 0, 0] }), nrrd("dimension: 3", "sizes: 4 3 2", "spacings: 2 3 4")];
    for (const some of [files, files.toReversed()]) {
      const { series } = await openSources(some);
      const sizes = series.map((one) => new ImageGrid(spacedSeries(one, [0.5, 2, 4]).description.grid).spacingMm);
      expect(sizes.map(String).toSorted()).toEqual(["0.5,2,4", "0.5,2,4", "2,3,4"]);
    }
  });
});
