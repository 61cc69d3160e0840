import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import { collectBlob, type ExportFile, IMAGE_FORMATS, imageFile, LABEL_FORMATS, labelFile } from "#export";
import { openLabelmap, openSources, type SeriesChoice } from "#sources";
import { createVoxels, type Dims, ImageGrid, type Slice, type VoxelType } from "#volume";
import { bricksOf, GRIDS, segment, strewn } from "./cases.ts";

async function reopened(file: ExportFile): Promise<SeriesChoice> {
  const listing = await openSources([{ name: `back${file.extension}`, blob: await collectBlob(file) }]);
  expect(listing.refused).toEqual([]);
  expect(listing.series).toHaveLength(1);
  return listing.series[0]!;
}

async function labelsOf(choice: SeriesChoice): Promise<Uint16Array> {
  const { grid } = choice.description;
  const size = grid.dims[0] * grid.dims[1];
  const dense = new Uint16Array(size * grid.dims[2]);
  for await (const { k, voxels } of (await openLabelmap(choice)).slices()) dense.set(voxels, k * size);
  return dense;
}

/** Exact for text formats; NIfTI-1 holds the affine as float32. */
function expectAffine(read: Affine, expected: Affine): void {
  const scale = Math.max(...expected.map(Math.abs));
  read.forEach((value, n) => expect(Math.abs(value - expected[n]!)).toBeLessThan(1e-5 + 1e-7 * scale));
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return n;
  return -1;
}

const segments = [
  { ...segment(1, "Liver", "#dd8265"), code: { scheme: "SCT", value: "10200004", meaning: "Liver" } },
  segment(65535, 'Ärger \\ "Nr. 2"', "#00ff80"),
];

describe.each(GRIDS)("labels on a $name grid, read back", ({ grid }) => {
  it.each(LABEL_FORMATS)("%s keeps every voxel and the geometry", async (format) => {
    const dense = strewn(grid.dims, [1, 300, 65535]);
    const back = await reopened(
      labelFile(format, { name: "case", grid, labels: bricksOf(grid.dims, dense), segments }),
    );
    expect(back.description.grid.dims).toEqual(grid.dims);
    expect(back.description.voxelType).toBe("uint16");
    expectAffine(back.description.grid.indexToLps, grid.indexToLps);
    expect(firstDifference(await labelsOf(back), dense)).toBe(-1);
  });
});

describe("labels read back", () => {
  const { grid } = GRIDS[6]!;

  it("a seg.nrrd has its names, colours and terms", async () => {
    const dense = strewn(grid.dims, [1, 300]);
    const labels = bricksOf(grid.dims, dense);
    const back = await reopened(labelFile("seg.nrrd", { name: "case", grid, labels, segments }));
    expect(back.segments).toEqual([
      { layer: 0, value: 1, name: "Liver", color: "#dd8265", code: segments[0]!.code },
      { layer: 0, value: 65535, name: 'Ärger \\ "Nr. 2"', color: "#00ff80" },
      { layer: 0, value: 300, name: "Label 300", color: expect.stringMatching(/^#[0-9a-f]{6}$/) as string },
    ]);
  });

  it.each(LABEL_FORMATS)("an empty labelmap as %s is one", async (format) => {
    const labels = bricksOf(grid.dims, new Uint16Array(0));
    const empty = { readBrick: labels.readBrick, brickIndices: () => [] };
    const back = await reopened(labelFile(format, { name: "case", grid, labels: empty, segments: [] }));
    expect(back.description.voxelType).toBe("uint8");
    expect((await labelsOf(back)).every((value) => value === 0)).toBe(true);
  });

  it("a NIfTI-2 of more than 32,767 columns is whole", async () => {
    const dims: Dims = [32770, 2, 2];
    const wide = new ImageGrid({ dims, indexToLps: [0.1, 0, 0, 5.5, 0, 0.2, 0.01, -6, 0, 0, 0.3, 7] });
    const dense = strewn(dims, [1, 2]);
    const back = await reopened(
      labelFile("nii.gz", { name: "case", grid: wide, labels: bricksOf(dims, dense), segments: [] }),
    );
    expect(back.description.format).toMatch(/NIfTI-2/);
    expectAffine(back.description.grid.indexToLps, wide.indexToLps);
    expect(firstDifference(await labelsOf(back), dense)).toBe(-1);
  });
});

describe.each(IMAGE_FORMATS)("images as %s, read back", (format) => {
  const types: VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

  it.each(types)("keep %s voxels of every frame, geometry and rescale", async (voxelType) => {
    const { grid } = GRIDS[4]!;
    const frames = 2;
    const size = grid.dims[0] * grid.dims[1];
    const voxels = createVoxels(voxelType, size * grid.dims[2] * frames);
    new Uint8Array(voxels.buffer).forEach((_, n, bytes) => (bytes[n] = Math.imul(n, 2654435761) >>> 24));
    if (voxelType === "float32") for (let n = 0; n < voxels.length; n++) voxels[n] = Math.fround(Math.sin(n) * 1e4);
    async function* slices(): AsyncGenerator<Slice> {
      for (let n = 0; n < grid.dims[2] * frames; n++) {
        const k = n % grid.dims[2];
        yield { frame: (n - k) / grid.dims[2], k, voxels: voxels.subarray(n * size, (n + 1) * size) };
      }
    }
    const keepsRescale = format.startsWith("nii");
    const description = {
      name: "case",
      grid: grid.toData(),
      voxelType,
      rescale: keepsRescale ? { slope: 0.5, intercept: -1024 } : { slope: 1, intercept: 0 },
      unit: "",
      modality: "",
      frames,
      notes: [],
      metadata: {},
      format: "test",
    };
    const back = await reopened(imageFile(format, { description, slices }));
    expect(back.description.frames).toBe(frames);
    expect(back.description.voxelType).toBe(voxelType);
    expect(back.description.rescale).toEqual(description.rescale);
    expectAffine(back.description.grid.indexToLps, grid.indexToLps);
    const read = createVoxels(voxelType, voxels.length);
    for await (const slice of (await back.open()).slices()) {
      read.set(slice.voxels, (slice.frame * grid.dims[2] + slice.k) * size);
    }
    expect(firstDifference(read, voxels)).toBe(-1);
  });
});
