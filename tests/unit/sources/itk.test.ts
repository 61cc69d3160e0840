import { readImageNode } from "@itk-wasm/image-io";
import { describe, expect, test } from "vitest";
import type { SourceFile } from "#sources";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { diskFile, eachSlice, openOne } from "./files.ts";

/** Headers, and the file of their detached data. */
const files: readonly (readonly [string, string?])[] = [
  ["mha/HeadMRVolume.mhd", "mha/HeadMRVolume.raw"],
  ["mha/HeadMRVolumeCompressed.mha"],
  ["mha/HeadMRVolumeWithDirection.mhd", "mha/HeadMRVolume.raw"],
  ["mha/ct-lung.mha"],
  ["nrrd/brain-tumour-mr.nrrd"],
  ["nrrd/brain-tumour-mr-label.nrrd"],
  ["nrrd/flair-oblique.nrrd"],
  ["seg/dcmqi-liver-ct-3slices/nrrd/liver_seg.nrrd"],
  ["malformed/nrrd/base-good.nrrd"],
  ["nifti/sform-qform/LPSLabels_nosform.nii.gz"],
];

describe.runIf(hasSharedData)("geometry and every voxel agree with ITK", { timeout: 60_000 }, () => {
  for (const [path, beside] of files) {
    test(path, async () => {
      const theirs = await readImageNode(sharedData(path));
      const more: SourceFile[] = beside ? [await diskFile(sharedData(beside))] : [];
      const choice = await openOne(await diskFile(sharedData(path)), ...more);

      const grid = new ImageGrid(choice.description.grid);
      expect(grid.dims).toEqual(theirs.size.slice(0, 3));
      const direction = theirs.direction as ArrayLike<number>;
      for (let axis = 0; axis < 3; axis++) {
        expect(grid.spacingMm[axis]).toBeCloseTo(theirs.spacing[axis]!, 4);
        expect(grid.originMm[axis]).toBeCloseTo(theirs.origin[axis]!, 3);
      }
      grid.direction.forEach((value, n) => expect(value).toBeCloseTo(direction[n]!, 4));

      const data = theirs.data as ArrayLike<number>;
      const size = grid.dims[0] * grid.dims[1];
      const { slope, intercept } = choice.description.rescale;
      let different = 0;
      await eachSlice(choice, (voxels, k) => {
        for (let n = 0; n < size; n++)
          if (Math.abs(voxels[n]! * slope + intercept - data[k * size + n]!) > 1e-6 * Math.abs(data[k * size + n]!))
            different++;
      });
      expect(different).toBe(0);
    });
  }
});
