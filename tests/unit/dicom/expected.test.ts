import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Affine } from "#base";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { gridOf, openOnly, slicesOf } from "./open-dicom.ts";

// Real scans on a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

interface Expected {
  readonly path: string;
  readonly kind: string;
  readonly dims: [number, number, number];
  readonly frames: number;
  readonly modality: string;
  readonly indexToLps: number[][] | null;
  readonly gapsMm: [number, number];
  readonly samples: readonly { readonly ijk: [number, number, number]; readonly value: number }[];
}

const all = hasSharedData
  ? (JSON.parse(readFileSync(sharedData("expected.json"), "utf8")) as { files: Expected[] }).files
  : [];

describe.runIf(hasSharedData)("DICOM series agree with pydicom", () => {
  it.each(all.filter(({ kind }) => kind === "dicom-series"))("$path", async (expected) => {
    const choice = await openOnly(expected.path);
    const { description } = choice;
    expect(description.grid.dims).toEqual(expected.dims);
    expect(description.frames).toBe(expected.frames);
    expect(description.modality).toBe(expected.modality);
    const grid = gridOf(choice);
    if (expected.indexToLps) {
      expect(grid.regular).toBe(true);
      const affine = expected.indexToLps.flat() as unknown as Affine;
      expect(grid.matches(new ImageGrid({ dims: expected.dims, indexToLps: affine }), 0.01)).toBe(true);
    } else {
      expect(grid.regular).toBe(false);
      const [x, y] = [grid.axis(0), grid.axis(1)];
      const normal = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
      const size = Math.hypot(...normal);
      const depths = Array.from({ length: expected.dims[2] }, (_, k) =>
        grid.toLps([0, 0, k]).reduce((sum, value, n) => sum + (value * normal[n]!) / size, 0),
      );
      const gaps = depths.slice(1).map((depth, k) => depth - depths[k]!);
      expect(Math.min(...gaps)).toBeCloseTo(expected.gapsMm[0], 3);
      expect(Math.max(...gaps)).toBeCloseTo(expected.gapsMm[1], 3);
      expect(description.notes.join(" ")).toMatch(/unevenly spaced|missing/);
    }
    const slices = await slicesOf(choice);
    const { slope, intercept } = description.rescale;
    expect(expected.samples).toHaveLength(9);
    for (const { ijk, value } of expected.samples) {
      const stored = slices[ijk[2]]!.voxels[ijk[1] * expected.dims[0] + ijk[0]]!;
      const shown = slope * stored + intercept;
      if (description.voxelType === "float32") expect(shown).toBeCloseTo(value, 4);
      else expect(shown).toBe(value);
    }
  });
});
