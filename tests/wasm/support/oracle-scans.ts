import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { openSources } from "#sources";
import { createVoxels } from "#volume";
import { hasSharedData, sampleFile, sharedData } from "../../fixtures/shared-data.ts";
import type { FlatVolume } from "./volumes.ts";

/** Whether a scan named as in oracles is here: `samples/…` always is. */
export function hasScan(name: string): boolean {
  return name.startsWith("samples/") || hasSharedData;
}

/** The first frame of a scan named as in oracles, with the voxels as they are stored. */
export async function readOracleScan(name: string): Promise<FlatVolume> {
  const path = name.startsWith("samples/") ? sampleFile(basename(name)) : sharedData(name);
  const { series } = await openSources([{ name: basename(path), blob: await openAsBlob(path) }]);
  const source = await series[0]!.open();
  const { grid, voxelType } = source.description;
  const { dims } = grid;
  const voxels = createVoxels(voxelType, dims[0] * dims[1] * dims[2]);
  for await (const slice of source.slices()) {
    if (slice.frame > 0) break;
    voxels.set(slice.voxels, slice.k * dims[0] * dims[1]);
  }
  return { dims, type: voxelType, voxels };
}
