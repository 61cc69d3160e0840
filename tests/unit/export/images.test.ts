import { describe, expect, it } from "vitest";
import { collectBytes, type ImageFormat, type ImageInput, imageFile, wantsRange } from "#export";
import {
  createVoxels,
  type Slice,
  VOXEL_RANGE,
  type VolumeDescription,
  type VoxelArray,
  type VoxelType,
} from "#volume";
import { GRIDS } from "./cases.ts";
import { readByItk } from "./itk.ts";

function describeVolume(change: Partial<VolumeDescription>): VolumeDescription {
  return {
    name: "case",
    grid: GRIDS[4]!.grid.toData(),
    voxelType: "int16",
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames: 1,
    notes: [],
    metadata: {},
    format: "test",
    ...change,
  };
}

/** A volume whose voxels run through the whole range of its type; its slices reuse one array, as readers may. */
function imageOf(change: Partial<VolumeDescription>): ImageInput & { readonly voxels: VoxelArray } {
  const description = describeVolume(change);
  const { dims } = description.grid;
  const size = dims[0] * dims[1];
  const voxels = createVoxels(description.voxelType, size * dims[2] * description.frames);
  const [low, high] = description.voxelType === "float32" ? [-1e6, 1e6] : VOXEL_RANGE[description.voxelType];
  for (let n = 0; n < voxels.length; n++)
    voxels[n] = low + ((n * 7919) % voxels.length) * ((high - low) / (voxels.length - 1));
  async function* slices(): AsyncGenerator<Slice> {
    const buffer = createVoxels(description.voxelType, size);
    for (let n = 0; n < dims[2] * description.frames; n++) {
      buffer.set(voxels.subarray(n * size, (n + 1) * size));
      yield { frame: Math.floor(n / dims[2]), k: n % dims[2], voxels: buffer };
    }
  }
  return { description, slices, voxels };
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return n;
  return -1;
}

const formats: ImageFormat[] = ["nii.gz", "nii", "nrrd", "mha"];
const types: VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

describe.each(formats)("images as %s, read by ITK", (format) => {
  it.each(types)("keep %s voxels and geometry", async (voxelType) => {
    const image = imageOf({ voxelType });
    const file = imageFile(format, image);
    expect(file.notes).toEqual([]);
    const read = await readByItk(file);
    expect(read.componentType).toBe(voxelType);
    expect(firstDifference(read.data, image.voxels)).toBe(-1);
    const expected = GRIDS[4]!.grid.indexToLps;
    read.indexToLps.forEach((value, n) => expect(Math.abs(value - expected[n]!)).toBeLessThan(1e-4));
  });

  it("show rescaled values", async () => {
    const image = imageOf({ rescale: { slope: 2, intercept: -1024 }, unit: "HU" });
    const read = await readByItk(imageFile(format, { ...image, range: { min: -32768, max: 32767 } }));
    const shown = Float64Array.from(image.voxels, (value) => 2 * value - 1024);
    expect(firstDifference(read.data, shown)).toBe(-1);
  });
});

describe.each(["nii.gz", "nii", "mha"] as const)("4D images as %s, read by ITK", (format) => {
  it("keep every frame", async () => {
    const image = imageOf({ frames: 3 });
    const read = await readByItk(imageFile(format, image));
    expect(read.size).toEqual([...GRIDS[4]!.grid.dims, 3]);
    expect(firstDifference(read.data, image.voxels)).toBe(-1);
  });
});

describe("images without a rescale in their format", () => {
  const narrow = { rescale: { slope: 1, intercept: -1024 }, voxelType: "uint16" } as const;

  it("stay whole in the narrowest type when the range is known, and say so", async () => {
    const file = imageFile("nrrd", { ...imageOf(narrow), range: { min: 0, max: 4095 } });
    expect(file.notes.join()).toMatch(/shown values .* as int16/);
    expect(new TextDecoder().decode((await collectBytes(file)).subarray(0, 400))).toContain("type: int16");
  });

  it("become float32 when the range is unknown or values are fractions, and say so", () => {
    expect(imageFile("mha", imageOf(narrow)).notes.join()).toMatch(/as float32\.$/);
    const fraction = imageOf({ rescale: { slope: 0.5, intercept: 0 } });
    expect(imageFile("mha", { ...fraction, range: { min: 0, max: 9 } }).notes.join()).toMatch(/as float32\.$/);
    expect([wantsRange(describeVolume(narrow)), wantsRange(fraction.description)]).toEqual([true, false]);
  });

  it("say when float32 rounds", () => {
    const wide = imageOf({ voxelType: "int32", rescale: { slope: 0.5, intercept: 0 } });
    expect(imageFile("nrrd", wide).notes.join()).toMatch(/rounded to 24/);
  });
});

describe("images", () => {
  it("NIfTI-1 says when its float32 slope is not exact", () => {
    expect(imageFile("nii", imageOf({ rescale: { slope: 0.1, intercept: 0 } })).notes).toHaveLength(1);
    expect(imageFile("nii", imageOf({ rescale: { slope: 0.5, intercept: -1024 } })).notes).toHaveLength(0);
  });

  it.each(["nii.gz", "nrrd"] as const)("%s fails with the fault of its source", async (format) => {
    const image = imageOf({});
    async function* broken(): AsyncGenerator<Slice> {
      for await (const slice of image.slices()) {
        if (slice.k === 3) throw new Error("the disk went away");
        yield slice;
      }
    }
    await expect(collectBytes(imageFile(format, { ...image, slices: broken }))).rejects.toThrow("the disk went away");
  });

  it("a source that gives too few slices is no file", async () => {
    const image = imageOf({});
    async function* short(): AsyncGenerator<Slice> {
      for await (const slice of image.slices()) if (slice.k < 4) yield slice;
    }
    await expect(collectBytes(imageFile("nii.gz", { ...image, slices: short }))).rejects.toThrow(
      "Only 4 of 5 slices came.",
    );
  });

  it("a source that skips a slice is no file", async () => {
    const image = imageOf({});
    async function* skipping(): AsyncGenerator<Slice> {
      for await (const slice of image.slices()) if (slice.k !== 2) yield slice;
    }
    await expect(collectBytes(imageFile("nii", { ...image, slices: skipping }))).rejects.toThrow(
      /not the one that was due/,
    );
  });

  it("leaving a file early ends its source", async () => {
    const image = imageOf({});
    let ended = false;
    async function* watched(): AsyncGenerator<Slice> {
      try {
        yield* image.slices();
      } finally {
        ended = true;
      }
    }
    for await (const chunk of imageFile("nii.gz", { ...image, slices: watched }).chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toBe(true);
  });
});
