import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { diskFile, eachSlice, openOne } from "./files.ts";

interface Expected {
  readonly path: string;
  readonly kind: string;
  readonly dims: [number, number, number];
  readonly frames: number;
  readonly storedType: string;
  readonly indexToLps: number[][] | null;
  readonly samples: readonly { readonly ijk: [number, number, number]; readonly value: number }[];
}

const files: Expected[] = hasSharedData
  ? (JSON.parse(readFileSync(sharedData("expected.json"), "utf8")) as { files: Expected[] }).files.filter(
      ({ kind }) => kind !== "dicom-series",
    )
  : [];

describe.runIf(hasSharedData)("every real file reads as nibabel reads it", () => {
  test("there are 60 of them", () => expect(files).toHaveLength(60));

  for (const expected of files) {
    test(expected.path, async () => {
      const choice = await openOne(await diskFile(sharedData(expected.path)));
      const { grid, frames, rescale, voxelType, sourceType } = choice.description;
      expect(grid.dims).toEqual(expected.dims);
      expect(frames).toBe(expected.frames);
      expect(sourceType ?? voxelType).toBe(expected.storedType);

      if (expected.indexToLps) {
        const ours = new ImageGrid(grid).cornersLps();
        const theirs = new ImageGrid({
          dims: expected.dims,
          indexToLps: expected.indexToLps.flat() as never,
        }).cornersLps();
        const apart = ours.map((corner, n) => Math.hypot(...corner.map((value, axis) => value - theirs[n]![axis]!)));
        expect(Math.max(...apart)).toBeLessThan(0.01);
      } else {
        expect(choice.description.notes.join(" ")).toMatch(/no orientation/);
      }

      const values = new Map<number, number>();
      await eachSlice(choice, (voxels, k, frame) => {
        if (frame > 0) return;
        for (const [n, { ijk }] of expected.samples.entries())
          if (ijk[2] === k) values.set(n, voxels[ijk[0] + grid.dims[0] * ijk[1]]!);
      });
      const whole =
        !/float/.test(expected.storedType) && Number.isInteger(rescale.slope) && Number.isInteger(rescale.intercept);
      for (const [n, { ijk, value }] of expected.samples.entries()) {
        const ours = values.get(n)! * rescale.slope + rescale.intercept;
        if (whole) expect(ours, `voxel ${ijk.join(", ")}`).toBe(value);
        else expect(Math.abs(ours - value), `voxel ${ijk.join(", ")}`).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      }
    });
  }
});
