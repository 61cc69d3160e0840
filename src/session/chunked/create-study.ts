import type { ProgressOptions } from "#base";
import type { StudyRecord, StudyStore } from "#storage";
import { BRICK_VOXELS, bytesPerVoxel, planesOf, withSpacing } from "#volume";
import type { Thumbnail } from "#sources";
import { type ChunkedSeries, originOf, proofAddress } from "./origin.ts";
import type { NewChunkedStudy } from "./chunked.api.ts";

/** Lists a study of a source that is not copied, with its coarsest bricks in the cache where they cost little. */
export async function createChunkedStudy(
  store: StudyStore,
  series: ChunkedSeries,
  { volumeId, input, notes, spacingMm }: Omit<NewChunkedStudy, "seriesId">,
  picture: (thumbnail: Thumbnail) => Promise<string>,
  options: ProgressOptions = {},
): Promise<StudyRecord> {
  const { signal } = options;
  const { chunked } = series;
  const found = withSpacing(series.description, spacingMm);
  const description = { ...found, notes: [...found.notes, ...notes] };
  const bytes = BRICK_VOXELS * bytesPerVoxel(description.voxelType) * 2;
  const origin = originOf(input, series);
  const writer = await store.create(volumeId, description, bytes, {
    origin,
    ...("handles" in input ? { handles: input.handles } : {}),
  });
  try {
    options.onProgress?.({ fraction: 0, what: "reading the overview" });
    const proof = await chunked.readBrick(proofAddress(description, chunked.overviewAtHand), { signal });
    // Where every voxel would have to be read for it there is no picture in the list.
    const drawn = chunked.overviewAtHand ? series.thumbnail({ signal, spacingMm }).then(picture) : undefined;
    const [thumbnail] = await Promise.all([drawn?.catch(() => undefined), writer.writeBrick(planesOf(proof))]);
    signal?.throwIfAborted();
    return await writer.finish(thumbnail ? { thumbnail } : {});
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
}
