import { describe, expect, test } from "vitest";
import { labelmapFit, openLabelmap, resampleLabels } from "#sources";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { diskFile, openOne } from "./files.ts";
import { type NiftiFields, niftiFile } from "./nifti-file.ts";

const floats = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

async function labelsOf(fields: NiftiFields, voxels: Uint8Array) {
  return openLabelmap(await openOne(niftiFile(fields, voxels)));
}

async function read(source: { slices(): AsyncIterable<{ voxels: Uint16Array }> }): Promise<number[]> {
  const values: number[] = [];
  for await (const { voxels } of source.slices()) values.push(...voxels);
  return values;
}

describe("labelmaps", () => {
  test("whole numbers of any type are labels, with the file's scaling applied", async () => {
    const values = Array.from({ length: 24 }, (_, n) => n * 2849);
    expect(await read(await labelsOf({ datatype: 16 }, floats(values)))).toEqual(values);
    expect(await read(await labelsOf({ slope: 2, intercept: 1 }, new Uint8Array(24).fill(5)))).toEqual(
      Array.from({ length: 24 }, () => 11),
    );
  });

  test.each([[1.5], [Number.NaN], [-1], [65536], [Number.POSITIVE_INFINITY], [1e20]])(
    "%d is refused with its voxel, never changed",
    async (value) => {
      const values = Array.from({ length: 24 }, () => 1);
      values[13] = value;
      await expect(read(await labelsOf({ datatype: 16 }, floats(values)))).rejects.toMatchObject({
        kind: "label-range",
        message: expect.stringMatching(/Voxel \(1, 0, 1\) holds/),
        fields: { i: 1, j: 0, k: 1 },
      });
    },
  );

  test("65,535 is a label", async () => {
    expect(await read(await labelsOf({ datatype: 16 }, floats(Array.from({ length: 24 }, () => 65535))))).toEqual(
      Array.from({ length: 24 }, () => 65535),
    );
  });
});

describe("how a labelmap fits an image", () => {
  const image = new ImageGrid({ dims: [10, 12, 8], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2, 7] });
  const grid = (dims: [number, number, number], affine: readonly number[]) =>
    new ImageGrid({ dims, indexToLps: affine as never });

  test("the same grid, within a hundredth of a voxel", () => {
    expect(labelmapFit(image, grid([10, 12, 8], [1, 0, 0, 5.004, 0, 1, 0, 6, 0, 0, 2, 7]))).toEqual({ kind: "same" });
  });

  test("a crop of the lattice has a whole-number offset", () => {
    expect(labelmapFit(image, grid([4, 5, 3], [1, 0, 0, 7, 0, 1, 0, 9, 0, 0, 2, 11]))).toEqual({
      kind: "same-lattice",
      offset: [2, 3, 2],
    });
    expect(labelmapFit(image, grid([20, 12, 8], [1, 0, 0, 2, 0, 1, 0, 6, 0, 0, 2, 7]))).toEqual({
      kind: "same-lattice",
      offset: [-3, 0, 0],
    });
  });

  test("equal dims at another spacing, half a voxel off or mirrored are another lattice", () => {
    expect(labelmapFit(image, grid([10, 12, 8], [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2.1, 7])).kind).toBe("resample");
    expect(labelmapFit(image, grid([10, 12, 8], [1, 0, 0, 5.5, 0, 1, 0, 6, 0, 0, 2, 7])).kind).toBe("resample");
    expect(labelmapFit(image, grid([10, 12, 8], [-1, 0, 0, 14, 0, 1, 0, 6, 0, 0, 2, 7])).kind).toBe("resample");
  });

  test("far away is disjoint", () => {
    expect(labelmapFit(image, grid([10, 12, 8], [1, 0, 0, 500, 0, 1, 0, 6, 0, 0, 2, 7]))).toEqual({ kind: "disjoint" });
  });
});

describe("resampling labels to the nearest voxel", () => {
  test("each voxel takes the label of the nearest place, background outside", async () => {
    const voxels = new Uint8Array(24);
    voxels[1] = 7;
    // RAS x = 2·i: label voxel 1 lies at LPS x = −2 and covers −3 to −1.
    const labels = await labelsOf({ srow: [2, 0, 0, 0, 0, -2, 0, 0, 0, 0, 2, 0] }, voxels);
    // Image voxels at LPS x = 3.4 − i, mirrored against the labels' own order.
    const image = new ImageGrid({ dims: [8, 2, 2], indexToLps: [-1, 0, 0, 3.4, 0, 1.5, 0, 0, 0, 0, 2, 0] });
    const first = (await read({ slices: () => resampleLabels(labels, image) })).slice(0, 16);
    expect(first).toEqual([0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.runIf(hasSharedData)(
    "a labelmap on another grid of the same head is told from one on the image's grid",
    async () => {
      const open = async (path: string) => openOne(await diskFile(sharedData(path)));
      const image = new ImageGrid((await open("labels/spinal-cord-t1/t1w.nii.gz")).description.grid);
      const manual = await open("labels/spinal-cord-t1/cord-manual.nii.gz");
      const other = await open("malformed/labels/label-other-grid.nii.gz");
      expect(labelmapFit(image, new ImageGrid(manual.description.grid)).kind).toBe("same");
      expect(labelmapFit(image, new ImageGrid(other.description.grid)).kind).toBe("resample");

      const truth = await read(await openLabelmap(manual));
      const labels = await openLabelmap(other);
      const ours = await read({ slices: () => resampleLabels(labels, image) });
      const both = truth.filter((value, n) => value > 0 && ours[n]! > 0).length;
      const sum = truth.filter((value) => value > 0).length + ours.filter((value) => value > 0).length;
      expect((2 * both) / sum).toBeGreaterThan(0.6);
    },
  );
});
