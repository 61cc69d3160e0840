import { describe, expect, it } from "vitest";
import { type LabelFormat, labelFile } from "#export";
import { bricksOf, GRIDS, segment, strewn } from "./cases.ts";
import { readByItk } from "./itk.ts";

/** Index of the first voxel that differs, or -1: an `expect` for each voxel takes minutes. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return n;
  return -1;
}

const segments = [segment(1, "Liver", "#dd8265"), segment(7, 'Ärger \\ "Nr. 2"\nline', "#00ff80")];

describe.each(GRIDS)("labels read by ITK, grid: $name", ({ grid }) => {
  // ITK's NIfTI reader refuses directions that are not orthonormal; ours reads them.
  const formats: LabelFormat[] = grid.sheared
    ? ["seg.nrrd", "nrrd", "mha"]
    : ["nii.gz", "nii", "seg.nrrd", "nrrd", "mha"];

  it.each(formats)("%s keeps every voxel and the geometry", async (format) => {
    const dense = strewn(grid.dims, [1, 7, 255, 256, 300, 65535]);
    const read = await readByItk(
      labelFile(format, { name: "case", grid, labels: bricksOf(grid.dims, dense), segments }),
    );
    expect(read.size).toEqual(grid.dims);
    expect(read.componentType).toBe("uint16");
    expect(firstDifference(read.data, dense)).toBe(-1);
    // float32 headers hold about 7 digits.
    const scale = Math.max(...grid.indexToLps.map(Math.abs));
    read.indexToLps.forEach((value, n) =>
      expect(Math.abs(value - grid.indexToLps[n]!)).toBeLessThan(1e-5 + 1e-7 * scale),
    );
  });
});

describe("labels read by ITK", () => {
  const { grid } = GRIDS[0]!;

  it.each(["nii.gz", "seg.nrrd"] as const)("%s is uint8 when every label fits", async (format) => {
    const dense = strewn(grid.dims, [1, 2, 255]);
    const read = await readByItk(
      labelFile(format, { name: "case", grid, labels: bricksOf(grid.dims, dense), segments }),
    );
    expect(read.componentType).toBe("uint8");
    expect(firstDifference(read.data, dense)).toBe(-1);
  });

  it.each(["nii.gz", "seg.nrrd"] as const)("%s of an empty labelmap is all background", async (format) => {
    const dense = new Uint16Array(grid.voxelCount);
    const read = await readByItk(
      labelFile(format, { name: "case", grid, labels: bricksOf(grid.dims, dense), segments: [] }),
    );
    expect(read.componentType).toBe("uint8");
    expect(firstDifference(read.data, dense)).toBe(-1);
  });

  it("a seg.nrrd names every segment, also labels that had none", async () => {
    const dense = strewn(grid.dims, [1, 300]);
    const coded = { ...segments[0]!, code: { scheme: "SCT", value: "10200004", meaning: "Liver" } };
    const input = { name: "case", grid, labels: bricksOf(grid.dims, dense), segments: [coded, segments[1]!] };
    const { metadata } = await readByItk(labelFile("seg.nrrd", input));
    expect(metadata.get("Segment0_Name")).toBe("Liver");
    expect(metadata.get("Segment0_ID")).toBe("Segment_1");
    expect(metadata.get("Segment0_LabelValue")).toBe("1");
    expect(metadata.get("Segment0_Layer")).toBe("0");
    expect(metadata.get("Segment0_Extent")).toBe("0 69 0 64 0 4");
    expect(metadata.get("Segment0_Color")).toBe("0.866667 0.509804 0.396078");
    expect(metadata.get("Segment0_Tags")).toContain("~SCT^10200004^Liver~");
    expect(metadata.get("Segment1_Name")).toBe(segments[1]!.name);
    expect(metadata.get("Segment2_LabelValue")).toBe("300");
    expect(metadata.get("Segment2_Name")).toBe("Label 300");
    expect(metadata.get("Segmentation_MasterRepresentation")).toBe("Binary labelmap");
    expect(metadata.get("Segmentation_ReferenceImageExtentOffset")).toBe("0 0 0");
    expect(metadata.has("Segmentation_Extent")).toBe(false);
  });

  it("a nii.gz says that it holds labels", async () => {
    const { metadata } = await readByItk(
      labelFile("nii.gz", { name: "case", grid, labels: bricksOf(grid.dims, strewn(grid.dims, [1])), segments }),
    );
    expect(metadata.get("intent_code")).toBe("1002");
    expect(metadata.get("qform_code")).toBe("1");
    expect(metadata.get("sform_code")).toBe("1");
    expect(metadata.get("aux_file") ?? "").toBe("");
  });
});
