import type { ProgressOptions } from "#base";
import type { StudyStore } from "#storage";
import { type BrickPixels, PyramidBuilder, type PyramidWork, type SliceSource } from "#volume";

export interface RepairOptions extends ProgressOptions {
  readonly work?: PyramidWork;
}

/**
 * Reads a source again and replaces the bricks of a study that are damaged; how many. All bricks are made anew and must be the very
 * ones that were stored: the first that is not ends it with `source`.
 */
export async function repairStudy(
  source: SliceSource,
  store: StudyStore,
  volumeId: string,
  options: RepairOptions = {},
): Promise<number> {
  const { signal, work } = options;
  const { grid, voxelType, frames } = source.description;
  const depth = grid.dims[2];
  let repaired = 0;
  let bricks: BrickPixels[] = [];
  let builder: PyramidBuilder | undefined;
  for await (const { frame, k, voxels } of source.slices(signal ? { signal } : {})) {
    signal?.throwIfAborted();
    if (k === 0) builder = new PyramidBuilder(grid.dims, voxelType, frame, (brick) => bricks.push(brick.take()), work);
    builder!.push(k, voxels);
    for (const brick of bricks) if (await store.repairBrick(volumeId, brick)) repaired++;
    bricks = [];
    options.onProgress?.({
      fraction: (frame * depth + k + 1) / (depth * frames),
      what: `checking slice ${k + 1} of ${depth}`,
    });
  }
  await store.update(volumeId, { damaged: false });
  return repaired;
}
