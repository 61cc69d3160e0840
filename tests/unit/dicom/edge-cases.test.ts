import { describe, expect, it, vi } from "vitest";
import { dicomReader } from "../../../src/sources/dicom/index.ts";
import { parseHeader } from "../../../src/sources/dicom/parse-header.ts";
import { hasSharedData } from "../../fixtures/shared-data.ts";
import { filesOf, gridOf, openDicom, openOnly, rangeOf, slicesOf, voxelsOf } from "./open-dicom.ts";

// Real scans on a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

const notesOf = async (path: string): Promise<string> => (await openOnly(path)).description.notes.join(" ");

describe.runIf(hasSharedData)("real DICOM with something unusual", () => {
  it("keeps gantry tilt as shear and two spacings at true positions", async () => {
    const choice = await openOnly("ct-dicom/head-ge-gantry-tilt-two-spacings");
    expect(gridOf(choice).sheared).toBe(true);
    expect(choice.description.notes.join(" ")).toMatch(/sheared by 18\.5°.*unevenly spaced, 1\.08 mm to 7 mm apart/);
  });

  it("loads a series whose UIDs were emptied", async () => {
    const choice = await openOnly("ct-dicom/body-siemens-jpeg2000");
    expect(choice.fileCount).toBe(20);
    expect(choice.description.unit).toBe("HU");
  });

  it("takes rounding of slice positions as even spacing, and says so", async () => {
    expect(gridOf(await openOnly("mr-dicom/brain-ge-pd-oblique")).regular).toBe(true);
    expect(await notesOf("mr-dicom/brain-ge-pd-oblique")).toContain("this is taken as rounding");
  });

  it("takes positions as one frame where every file names its own", async () => {
    expect(await notesOf("ct-dicom/chest-abdomen-lidc-jpegls")).toContain("a frame of reference of its own");
  });

  it("offers a localizer as one slice of its own", async () => {
    expect(gridOf(await openOnly("ct-dicom/scout-localizer")).dims).toEqual([512, 256, 1]);
  });

  it("finds two stacks with a missing slice each, and two mosaics, in one mixed folder", async () => {
    const { series, refused } = await openDicom("dicom-edge/mixed-series-one-folder-missing-slices");
    expect(refused).toEqual([]);
    expect(series.map(({ description }) => `${description.name} ${description.grid.dims.join("×")}`)).toEqual([
      "AX FSE T2 384×512×4",
      "mocoMEMPRAGE_220FOV RMS 192×192×12",
      "Perfusion_Weighted 64×64×12",
      "relCBF 64×64×12",
    ]);
    for (const { description } of series.slice(0, 2))
      expect(description.notes.join(" ")).toContain("1 slice is missing");
    expect(new Set(series.map(({ id }) => id)).size).toBe(4);
  });

  it("names the missing slice of an uneven CT", async () => {
    expect(await notesOf("dicom-edge/slice-increment-inconsistent")).toContain("gap between slices 3 and 4 (10 mm)");
  });

  it("makes frames of a time series", async () => {
    const choice = await openOnly("dicom-edge/4d-time-series");
    expect([choice.description.frames, ...choice.description.grid.dims]).toEqual([2, 192, 192, 4]);
    const order = (await slicesOf(choice)).map(({ frame, k }) => `${frame}.${k}`);
    expect(order).toEqual(["0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "1.3"]);
  });

  it("reads an enhanced CT of two frames", async () => {
    const choice = await openOnly("dicom-edge/multiframe-ct-perfusion");
    expect(choice.description.grid.dims).toEqual([512, 512, 2]);
    expect(gridOf(choice).spacingMm[2]).toBeCloseTo(10, 6);
  });

  it("masks garbage above 12 stored bits and extends the sign", async () => {
    const choice = await openOnly("dicom-edge/signed-12bit-0x0F0F.dcm");
    expect(rangeOf(await voxelsOf(choice))).toEqual([-2048, 2047]);
  });

  it("follows the header where a JPEG 2000 stream contradicts its signedness", async () => {
    const choice = await openOnly("dicom-edge/charsets/ct-j2k-iso2022-ir87-tilt.dcm");
    expect(rangeOf(await voxelsOf(choice))).toEqual([-2000, 1896]);
    expect(choice.description.notes.join(" ")).toContain("their JPEG 2000 stream says unsigned");
  });

  it.each([
    ["chrArab.dcm", "قباني لنزار"],
    ["chrFrenMulti.dcm", "Buc Jérôme"],
    ["chrGreek.dcm", "Διονυσιος"],
    ["chrH32.dcm", "ﾔﾏﾀﾞ ﾀﾛｳ (山田 太郎, やまだ たろう)"],
    ["chrI2.dcm", "Hong Gildong (洪 吉洞, 홍 길동)"],
    ["chrRuss.dcm", "Люкceмбypг"],
    ["chrX2.dcm", "Wang XiaoDong (王 小东)"],
  ])("shows the name in %s right", async (name, patient) => {
    const choice = await openOnly(`dicom-edge/charsets/${name}`);
    expect(choice.description.metadata["Patient name"]).toBe(patient);
  });

  it.each([
    ["chrJapMultiExplicitIR6.dcm", "やまだ^たろう"],
    ["chrFrenMulti.dcm", "Buc^Jérôme"],
  ])("decodes the name in the header of %s", async (name, patient) => {
    const [file] = await filesOf(`dicom-edge/charsets/${name}`);
    const { attributes } = await parseHeader(file!.blob);
    expect(attributes.text("x00100010")).toContain(patient);
  });

  it("reads a CT without preamble and file meta information", async () => {
    const { series, refused } = await openDicom("dicom-edge/missing-preamble-or-meta");
    expect(series.map(({ description }) => description.grid.dims)).toEqual([[128, 128, 1]]);
    expect(series[0]!.description.notes.join(" ")).toContain("The file has no preamble");
    expect(refused).toHaveLength(4);
  });

  it("refuses what is no grey volume, by its name", async () => {
    const { series, refused } = await openDicom("dicom-edge/non-volumetric");
    expect(series).toEqual([]);
    expect(Object.fromEntries(refused.map(({ name, message }) => [name, message]))).toEqual({
      "examples_palette.dcm":
        "This is a colour picture (US, PALETTE COLOR), not a scan of grey values. Open the scan that it belongs to.",
      "examples_rgb_color.dcm":
        "This is a colour picture (US, RGB), not a scan of grey values. Open the scan that it belongs to.",
      "rtplan.dcm": "This is an RT plan, not an image. Open the images that it belongs to.",
      "test-SR.dcm": "This is a structured report, not an image. Open the images that it belongs to.",
    });
  });

  it("loads the CT beside RT structure sets and segmentations, and names those", async () => {
    const rt = await openDicom("dicom-edge/rtstruct-reference-cases");
    expect(rt.series.map(({ description }) => description.grid.dims)).toEqual([[512, 512, 2]]);
    expect(
      rt.refused.every(({ message }) => message.startsWith("This is an RT structure set: contours, not an image.")),
    ).toBe(true);
    const seg = await openDicom("seg/dcmqi-liver-ct-3slices", (name) => name.endsWith(".dcm"));
    expect(seg.series.map(({ description }) => description.grid.dims)).toEqual([[512, 512, 3]]);
    expect(seg.refused).toHaveLength(3);
  });

  it("ignores a DICOMDIR among the images that it indexes, and names one that stands alone", async () => {
    const { series, refused } = await openDicom("dicom-edge/dicomdir", (name) => /DICOMDIR|98892001/.test(name));
    expect(series.length).toBeGreaterThan(0);
    expect(refused.filter(({ name }) => name.includes("DICOMDIR"))).toEqual([]);
    const alone = await openDicom("dicom-edge/dicomdir", (name) => name === "DICOMDIR");
    expect(alone.refused[0]!.message).toContain("a DICOMDIR, the index of a medium");
  });

  it("reads every image of a media folder of several patients", async () => {
    const { series } = await openDicom("dicom-edge/dicomdir", (name) => !name.startsWith("TINY"));
    for (const choice of series)
      expect((await slicesOf(choice)).length).toBe(choice.description.grid.dims[2] * choice.description.frames);
    expect(series.reduce((sum, { fileCount }) => sum + fileCount, 0)).toBe(31);
  });

  it("rescales a PET whose slices have slopes of their own", async () => {
    const choice = await openOnly("pet-ct-mr-rtstruct/sts-001/PET");
    const { voxelType, rescale, sourceType, unit } = choice.description;
    expect({ voxelType, rescale, sourceType, unit }).toEqual({
      voxelType: "float32",
      rescale: { slope: 1, intercept: 0 },
      sourceType: "int16",
      unit: "SUV",
    });
  });

  it("draws a thumbnail of at most 96 on its longer side, with contrast", async () => {
    for (const path of [
      "ct-dicom/scout-localizer",
      "mr-dicom/siemens-mosaic-epi",
      "mr-dicom/enhanced-multiframe-siemens-xa30",
    ]) {
      const { width, height, pixels } = await (await openOnly(path)).thumbnail();
      expect(Math.max(width, height)).toBeLessThanOrEqual(96);
      expect(pixels).toHaveLength(width * height);
      expect(new Set(pixels).size).toBeGreaterThan(20);
    }
  });

  it("recognises every DICOM file by its first bytes, and nothing else", async () => {
    const heads = async (path: string) =>
      Promise.all(
        (await filesOf(path)).map(async ({ name, blob }) => ({
          name,
          head: new Uint8Array(await blob.slice(0, 1024).arrayBuffer()),
        })),
      );
    const recognised = async (path: string): Promise<string[]> =>
      (await heads(path)).filter(({ head, name }) => dicomReader.recognises(head, name)).map(({ name }) => name);
    expect(await recognised("ct-dicom")).toHaveLength(153);
    expect(await recognised("dicom-edge/missing-preamble-or-meta")).toHaveLength(5);
    for (const path of ["nifti", "nrrd", "mha", "labels", "tiff", "minc"]) expect(await recognised(path)).toEqual([]);
  });
});
