import { openAsBlob, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import type { SlicePlane } from "#gpu";
import { openSources } from "#sources";
import { createVoxels } from "#volume";
import { describe, expect, it } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../fixtures/shared-data.ts";
import { testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { type MemoryVolume, memoryVolume } from "./volumes.ts";

interface OraclePlane extends Omit<SlicePlane, "width" | "height"> {
  /** Greys and which pixels a rounding decides (1: linear, 2: nearest), deflated, base64. */
  readonly linear: string;
  readonly nearest: string;
  readonly leftOut: string;
}

interface OracleScan {
  readonly file: string;
  readonly low: number;
  readonly high: number;
  readonly planes: readonly OraclePlane[];
}

const fixture = fileURLToPath(new URL("../fixtures/oracles/reslice.json", import.meta.url));
const { size, scans } = JSON.parse(readFileSync(fixture, "utf8")) as {
  size: readonly [number, number];
  scans: readonly OracleScan[];
};

/** A scan as the program reads it: first frame, geometry, and the line from stored to shown values. */
async function open(name: string): Promise<{ volume: MemoryVolume; slope: number; intercept: number }> {
  const path = name.startsWith("samples/") ? sampleFile(basename(name)) : sharedData(name);
  const { series } = await openSources([{ name: basename(path), blob: await openAsBlob(path) }]);
  const source = await series[0]!.open();
  const { grid, voxelType, rescale } = source.description;
  const [ni, nj, nk] = grid.dims;
  const voxels = createVoxels(voxelType, ni * nj * nk);
  for await (const slice of source.slices()) {
    if (slice.frame > 0) break;
    voxels.set(slice.voxels, slice.k * ni * nj);
  }
  const volume = memoryVolume({ ...grid, voxelType, voxelAt: (i, j, k) => voxels[(k * nj + j) * ni + i]! });
  return { volume, ...rescale };
}

const unpack = (text: string): Uint8Array => inflateSync(Buffer.from(text, "base64"));

describe("planes through real scans equal those that scipy samples, to one grey level", () => {
  for (const { file, low, high, planes } of scans) {
    it.runIf(file.startsWith("samples/") || hasSharedData)(file, async () => {
      const { context, faults } = await testContext();
      const { volume, slope, intercept } = await open(file);
      const scene = sliceScene(context, volume);
      const look = { gain: slope / (high - low), bias: (intercept - low) / (high - low) };
      for (const { origin, right, down, mmPerPixel, leftOut, ...greys } of planes) {
        const plane = { origin, right, down, mmPerPixel, width: size[0], height: size[1] };
        await scene.load(plane, 0);
        const out = unpack(leftOut);
        for (const [interpolation, bit] of [
          ["linear", 1],
          ["nearest", 2],
        ] as const) {
          const picture = await scene.draw(plane, 0, { ...look, interpolation });
          const wanted = unpack(greys[interpolation]);
          const off = wanted.reduce((count, grey, n) => {
            const counts = (out[n]! & bit) === 0;
            return counts && Math.abs(picture[n * 4]! - grey) > 1 ? count + 1 : count;
          }, 0);
          expect(off, `${interpolation}, right ${right.map((v: number) => v.toFixed(2)).join(" ")}`).toBe(0);
        }
      }
      scene.dispose();
      expect(faults).toEqual([]);
      context.dispose();
    });
  }
});
