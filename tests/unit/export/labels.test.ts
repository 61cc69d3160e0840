import { describe, expect, it } from "vitest";
import { determinant, isVoxelwrightError } from "#base";
import {
  collectBytes,
  LABEL_FORMATS,
  labelFile,
  labelFormatOf,
  imageFormatOf,
  type LabelInput,
  presentLabels,
} from "#export";
import { BRICK_VOXELS, type Dims, ImageGrid } from "#volume";
import { bricksOf, GRIDS, segment } from "./cases.ts";

const nothing = { readBrick: () => undefined, brickIndices: () => [] };

function inputOf(grid: ImageGrid): LabelInput {
  return { name: "case", grid, labels: nothing, segments: [] };
}

async function headerOf(grid: ImageGrid): Promise<DataView> {
  return new DataView((await collectBytes(labelFile("nii", inputOf(grid)))).buffer);
}

describe("NIfTI headers", () => {
  it.each(GRIDS)("$name: there is a qform unless it is sheared", async ({ name, grid }) => {
    const view = await headerOf(grid);
    expect(view.getInt16(254, true)).toBe(1);
    expect(view.getInt16(252, true)).toBe(name === "sheared" ? 0 : 1);
    expect(view.getFloat32(76, true)).toBe(determinant(grid.indexToLps) < 0 ? -1 : 1);
  });

  it("a dimension above 32,767 makes it NIfTI-2, and says so", async () => {
    const grid = new ImageGrid({ dims: [32768, 2, 3], indexToLps: [0.1, 0, 0, 5, 0, 0.2, 0, 6, 0, 0, 0.3, 7] });
    const file = labelFile("nii", inputOf(grid));
    expect(file.notes).toEqual(["A dimension is above 32,767, so the file is NIfTI-2."]);
    const bytes = await collectBytes(file);
    const view = new DataView(bytes.buffer);
    expect(bytes.length).toBe(544 + 32768 * 6);
    expect([view.getInt32(0, true), new TextDecoder().decode(bytes.subarray(4, 7))]).toEqual([540, "n+2"]);
    expect([0, 1, 2, 3, 4].map((n) => Number(view.getBigInt64(16 + 8 * n, true)))).toEqual([3, 32768, 2, 3, 1]);
    expect(view.getFloat64(400, true)).toBe(-0.1);
    expect(view.getFloat64(400 + 11 * 8, true)).toBe(7);
  });
});

describe("labels", () => {
  it.each(LABEL_FORMATS)("an uneven stack is refused by %s in plain words", (format) => {
    const sliceOffsetsMm = [0, 4, 11];
    const grid = new ImageGrid({ dims: [4, 4, 3], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], sliceOffsetsMm });
    let error: unknown;
    try {
      labelFile(format, inputOf(grid));
    } catch (caught) {
      error = caught;
    }
    expect(isVoxelwrightError(error, "unsupported") && error.line).toMatch(
      /^case: The slices lie unevenly, .* reslice/,
    );
  });

  it("padding of edge bricks is no label", () => {
    const dims: Dims = [3, 2, 1];
    const brick = new Uint16Array(BRICK_VOXELS).fill(9);
    brick.set([1, 1, 1], 0);
    brick.set([2, 2, 2], 64);
    expect(presentLabels(dims, { readBrick: () => brick, brickIndices: () => [0] })).toEqual([1, 2]);
  });

  it("a slab of more bricks than are kept is read again, brick by brick", async () => {
    const dims: Dims = [64 * 513, 1, 2];
    const brick = new Uint16Array(BRICK_VOXELS).fill(3);
    const labels = { readBrick: () => brick, brickIndices: () => Array.from({ length: 513 }, (_, n) => n) };
    const grid = new ImageGrid({ dims, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
    const bytes = await collectBytes(labelFile("nii", { name: "case", grid, labels, segments: [] }));
    expect(bytes.subarray(544).every((value) => value === 3)).toBe(true);
    expect(bytes.length).toBe(544 + dims[0] * dims[2]);
  });

  it("other formats than seg.nrrd say that names are lost", () => {
    const { grid } = GRIDS[0]!;
    const input = { ...inputOf(grid), segments: [segment(1, "Liver", "#ffffff")] };
    expect(labelFile("nii.gz", input).notes.join()).toMatch(/seg\.nrrd keeps them/);
    expect(labelFile("seg.nrrd", input).notes).toEqual([]);
  });

  it("seg.nrrd says which labels it had to name", () => {
    const { grid } = GRIDS[0]!;
    const dense = new Uint16Array(grid.voxelCount).fill(12);
    const file = labelFile("seg.nrrd", { ...inputOf(grid), labels: bricksOf(grid.dims, dense) });
    expect(file.notes).toEqual(["1 label values had no segment and were named after their value."]);
  });

  it("file names choose formats by their longest ending", () => {
    expect(["a.nii.gz", "b.NII", "c.seg.nrrd", "d.nrrd", "e.mha", "f.gz"].map(labelFormatOf)).toEqual([
      "nii.gz",
      "nii",
      "seg.nrrd",
      "nrrd",
      "mha",
      undefined,
    ]);
    expect([imageFormatOf("c.seg.nrrd"), imageFormatOf("d.nrrd")]).toEqual([undefined, "nrrd"]);
  });
});
