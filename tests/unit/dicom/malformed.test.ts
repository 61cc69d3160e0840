import { describe, expect, it, vi } from "vitest";
import { hasSharedData } from "../../fixtures/shared-data.ts";
import { gridOf, openDicom, outcomeOf } from "./open-dicom.ts";

// Real scans on a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

/** What must come of each broken file. */
const verdicts: readonly (readonly [string, RegExp])[] = [
  ["malformed/dicom/truncated-in-pixels.dcm", /^refused: The voxels end early/],
  ["malformed/dicom/truncated-in-header.dcm", /^refused: The file ends in the middle of its DICOM header/],
  ["malformed/dicom/truncated-in-preamble.dcm", /^refused: The file is not DICOM/],
  ["malformed/dicom/rows-larger-than-pixels.dcm", /^refused: The voxels end early: 8192 of the 65536 bytes/],
  ["malformed/dicom/rows-zero.dcm", /^refused: The image has 0 rows/],
  ["malformed/dicom/rows-columns-65535.dcm", /^refused: The image claims 65535×65535 voxels/],
  ["malformed/dicom/bits-allocated-13.dcm", /^refused: Voxels of 13 bits are not allowed/],
  ["malformed/dicom/pixel-spacing-zero.dcm", /^refused: Pixel Spacing is 0\.0\\0\.0/],
  ["malformed/dicom/pixel-spacing-negative.dcm", /^refused: Pixel Spacing is -1\.0\\1\.0/],
  [
    "malformed/dicom/orientation-not-orthogonal.dcm",
    /^refused: Rows and columns of the image are not at right angles \(45\.0°\)/,
  ],
  ["malformed/dicom/orientation-zero.dcm", /^refused: Image Orientation \(Patient\) is zero/],
  ["malformed/dicom/no-position-no-orientation.dcm", /^64×64×1$/],
  ["malformed/dicom/no-pixel-spacing.dcm", /^64×64×1$/],
  ["malformed/dicom/no-pixel-data.dcm", /^refused: The file has no voxels/],
  ["malformed/dicom/number-of-frames-9999.dcm", /^refused: The voxels end early: 8192 of the 81911808 bytes/],
  ["malformed/dicom/rescale-slope-zero.dcm", /^64×64×1$/],
  ["malformed/dicom/sequence-nested-8000-deep.dcm", /^refused: The file holds no image/],
  ["malformed/dicom/sequence-never-closed.dcm", /^refused: The file ends in the middle of its DICOM header/],
  ["malformed/dicom/element-length-4GB.dcm", /^refused: The file holds no DICOM data set/],
  ["malformed/dicom/codestream-corrupt-jpegls.dcm", /^error: codestream-corrupt-jpegls\.dcm: Slice 1 cannot be read\./],
  [
    "malformed/dicom/codestream-corrupt-rle.dcm",
    /^error: codestream-corrupt-rle\.dcm: Slice 1 cannot be read\. The RLE voxels are damaged/,
  ],
  // JPEG 2000 has no checksum: flipped bits in its payload decode to other voxels, and nothing can tell.
  ["malformed/dicom/codestream-corrupt-j2k.dcm", /^512×512×1$/],
  ["malformed/dicom/deflate-cut.dcm", /^refused: The voxels end early/],
  ["malformed/dicom/rtstruct-one-point.dcm", /^refused: This is an RT structure set/],
  ["malformed/dicom/rtstruct-odd-coordinates.dcm", /^refused: This is an RT structure set/],
  ["malformed/found/MR_truncated.dcm", /^refused: The voxels end early: 8130 of the 8192 bytes/],
  ["malformed/found/UN_sequence.dcm", /^refused: The file holds no image/],
  ["malformed/found/badVR.dcm", /^10×10×1$/],
  ["malformed/found/rtplan_truncated.dcm", /^refused: This is an RT plan/],
  ["malformed/found/no-pixel-spacing.dcm", /^refused: This is a colour picture \(US, PALETTE COLOR\)/],
  ["malformed/empty.dcm", /^refused: The file is empty/],
  ["malformed/html-named.dcm", /^refused: The file is not DICOM/],
];

describe.runIf(hasSharedData)("broken DICOM files get one plain line or load with a note", () => {
  it.each(verdicts)("%s", async (path, verdict) => {
    expect(await outcomeOf(path)).toMatch(verdict);
  });

  it("says what was made up where geometry is missing", async () => {
    const notes = async (path: string): Promise<string> =>
      (await openDicom(path)).series[0]!.description.notes.join(" ");
    expect(await notes("malformed/dicom/no-pixel-spacing.dcm")).toContain("1×1 mm is made up");
    expect(await notes("malformed/dicom/no-position-no-orientation.dcm")).toContain(
      "its place in the patient is unknown",
    );
    expect(await notes("malformed/dicom/rescale-slope-zero.dcm")).toContain("shown without rescaling");
  });
});

describe.runIf(hasSharedData)("series that do not fit together are sorted out and said", () => {
  const open = (name: string) => openDicom(`malformed/dicom-series/${name}`);
  const notes = ({ series }: Awaited<ReturnType<typeof open>>, n = 0): string => series[n]!.description.notes.join(" ");

  const offsets = ({ series }: Awaited<ReturnType<typeof open>>): number[] =>
    series[0]!.description.grid.sliceOffsetsMm!.map((mm) => Number(mm.toFixed(6)));

  it("loads a series without its truncated slice, names it and keeps the gap", async () => {
    const listing = await open("one-slice-truncated");
    expect(listing.series).toHaveLength(1);
    expect(offsets(listing)).toEqual([0, 3, 6, 12, 15]);
    expect(listing.refused).toEqual([{ name: "03.dcm", message: expect.stringContaining("The voxels end early") }]);
    expect(notes(listing)).toMatch(/03\.dcm is left out\..*1 slice is missing.*gap between slices 3 and 4 \(6 mm\)/);
  });

  it("drops the copy of an instance and says so", async () => {
    const listing = await open("duplicate-slice");
    expect(listing.series.map((choice) => choice.description.grid.dims[2])).toEqual([5]);
    expect(gridOf(listing.series[0]!).regular).toBe(true);
    expect(notes(listing)).toMatch(/02.*\.dcm repeats an image of another file and is left out/);
  });

  it("offers another instance at the same position apart", async () => {
    const listing = await open("same-position-other-instance");
    expect(listing.series.map((choice) => choice.description.grid.dims[2])).toEqual([5, 1]);
    expect(gridOf(listing.series[0]!).regular).toBe(true);
    expect(notes(listing)).toContain("Several images lie at the same position");
  });

  it("keeps two patients under one series UID apart and warns on both", async () => {
    const listing = await open("two-patients-one-series-uid");
    expect(listing.series.map((choice) => choice.description.grid.dims[2])).toEqual([5, 1]);
    expect(listing.series.map((choice) => choice.description.metadata["Patient ID"])).toEqual(["P1", "P2"]);
    for (const n of [0, 1]) expect(notes(listing, n)).toContain("WARNING: the files of this series name 2 patients");
  });

  it("orders by position, whatever names and numbers say", async () => {
    const listing = await open("numbered-backwards-names-shuffled");
    const grid = gridOf(listing.series[0]!);
    expect([listing.series.length, grid.dims[2], grid.regular]).toEqual([1, 6, true]);
    expect(grid.spacingMm[2]).toBeCloseTo(3, 6);
    expect(notes(listing)).toBe("");
  });

  it("splits off a slice of another matrix and names it", async () => {
    const listing = await open("one-slice-other-matrix");
    expect(listing.series.map((choice) => choice.description.grid.dims)).toEqual([
      [64, 64, 5],
      [32, 32, 1],
    ]);
    expect(notes(listing)).toContain("32×32×1 from 02.dcm");
    expect(gridOf(listing.series[0]!).regular).toBe(false);
  });

  it("splits off a tilted slice and keeps a gap at its true width", async () => {
    const listing = await open("gap-and-tilted-slice");
    expect(listing.series.map((choice) => choice.description.grid.dims[2])).toEqual([5, 1]);
    expect(offsets(listing)).toEqual([0, 6, 9, 21, 24]);
    expect(notes(listing)).toMatch(/64×64×1 from 01\.dcm.*4 slices are missing/);
  });
});
