import {
  type BrickPixels,
  type BrickSource,
  brickKey,
  createVoxels,
  type Dims,
  PyramidBuilder,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";
import type { KernelImage } from "#workers";
import { filesInMemory, openSeries } from "./inputs.ts";

/** A scan held twice: as bricks, as our kernels read it, and dense, as peers do. */
export interface BenchScan {
  readonly description: VolumeDescription;
  readonly dims: Dims;
  readonly dense: VoxelArray;
  readonly image: KernelImage;
}

/** Reads the first frame of a file. */
export async function readScan(path: string): Promise<BenchScan> {
  const source = await (await openSeries(await filesInMemory(path))).open();
  const { description } = source;
  const { dims } = description.grid;
  const dense = createVoxels(description.voxelType, dims[0] * dims[1] * dims[2]);
  const held = new Map<string, BrickPixels>();
  const builder = new PyramidBuilder(dims, description.voxelType, 0, (brick) => {
    if (brick.address.level === 0) held.set(brickKey(brick.address), brick.take());
  });
  for await (const { frame, k, voxels } of source.slices()) {
    if (frame > 0) break;
    dense.set(voxels, k * dims[0] * dims[1]);
    builder.push(k, voxels);
  }
  const bricks: BrickSource = { readBrick: (address) => Promise.resolve(held.get(brickKey(address))) };
  return { description, dims, dense, image: { dims, voxelType: description.voxelType, frame: 0, bricks } };
}
