import type { AbortOptions } from "#base";
import {
  type BrickAddress,
  brickKey,
  type BrickPixels,
  type BrickSource,
  type BuiltBrick,
  bytesPerVoxel,
  PyramidBuilder,
  type SliceSource,
} from "#volume";
import { loadPyramidWork } from "#workers";

/** Level-0 bricks of one frame of a scan in memory. Takes as much memory as the frame has voxels, padded to whole bricks. */
export class MemoryBricks implements BrickSource {
  readonly #bricks = new Map<string, BrickPixels>();

  private constructor() {}

  /** Reads the first frame of a source. */
  static async read(source: SliceSource, options: AbortOptions = {}): Promise<MemoryBricks> {
    const { grid, voxelType } = source.description;
    const memory = new MemoryBricks();
    const take = (brick: BuiltBrick): void => {
      if (brick.address.level === 0) memory.#bricks.set(brickKey(brick.address), brick.take());
    };
    const builder = new PyramidBuilder(grid.dims, voxelType, 0, take, await loadPyramidWork());
    for await (const { frame, k, voxels } of source.slices(options)) {
      options.signal?.throwIfAborted();
      if (frame > 0) break;
      builder.push(k, voxels);
    }
    return memory;
  }

  get byteLength(): number {
    let bytes = 0;
    for (const { voxels } of this.#bricks.values()) bytes += voxels.byteLength;
    return bytes;
  }

  readBrick(address: BrickAddress): Promise<BrickPixels | undefined> {
    return Promise.resolve(this.#bricks.get(brickKey(address)));
  }
}

/** Bytes that the bricks of one frame of a volume take. */
export function frameBytes({ grid, voxelType }: SliceSource["description"]): number {
  const padded = grid.dims.map((n) => Math.ceil(n / 64) * 64);
  return padded[0]! * padded[1]! * padded[2]! * bytesPerVoxel(voxelType);
}
