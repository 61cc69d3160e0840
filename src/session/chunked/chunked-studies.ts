import { type AbortOptions, type ProgressOptions, VoxelwrightError } from "#base";
import type { Thumbnail } from "#sources";
import type { StudyOrigin, StudyRecord, StudyStore } from "#storage";
import type { BrickAddress, BrickRange, VoxelArray } from "#volume";
import type { ImportInput } from "../import-input.ts";
import { CachedVolume } from "./cached-volume.ts";
import type { ChunkedWorkerApi, NewChunkedStudy, ReadBrick, Unkept } from "./chunked.api.ts";
import { createChunkedStudy } from "./create-study.ts";
import { type ChunkedSeries, openSeries, sameImage } from "./origin.ts";

/** What the worker does, in any thread: the studies whose bricks are read where they lie. */
export class ChunkedStudies implements ChunkedWorkerApi {
  readonly #store: () => Promise<StudyStore>;
  readonly #picture: (thumbnail: Thumbnail) => Promise<string>;
  readonly #volumes = new Map<string, CachedVolume>();
  /** The series that was opened last and holds the voxels of a study: it is read on without being opened and compared again. */
  #proven: { readonly volumeId: string; readonly series: ChunkedSeries } | undefined;
  /** Why bricks are not kept, by study, until it is told. */
  readonly #unkept = new Map<string, string>();

  constructor(store: () => Promise<StudyStore>, picture: (thumbnail: Thumbnail) => Promise<string>) {
    this.#store = store;
    this.#picture = picture;
  }

  async prepare(): Promise<void> {
    await this.#store();
  }

  async create(study: NewChunkedStudy, options: ProgressOptions = {}): Promise<StudyRecord> {
    const series = await openSeries(study.input, study.seriesId, options);
    const record = await createChunkedStudy(await this.#store(), series, study, this.#picture, options);
    this.#proven = { volumeId: study.volumeId, series };
    return record;
  }

  async attach(volumeId: string, origin: StudyOrigin, input: ImportInput | undefined): Promise<void> {
    await this.release(volumeId);
    const unkept = (error: unknown): void => {
      this.#unkept.set(volumeId, error instanceof Error ? error.message : String(error));
    };
    const series = this.#proven?.volumeId === volumeId ? this.#proven.series : undefined;
    this.#proven = undefined;
    this.#volumes.set(volumeId, new CachedVolume(await this.#store(), volumeId, { origin, input, series }, unkept));
  }

  async matches(
    volumeId: string,
    origin: StudyOrigin,
    input: ImportInput,
    options: AbortOptions = {},
  ): Promise<boolean> {
    const cached = (await this.#store()).openBricks(volumeId);
    try {
      const series = await openSeries(input, origin.seriesId, options);
      const same = await sameImage(series, origin, cached, options);
      if (same) this.#proven = { volumeId, series };
      return same;
    } finally {
      cached.dispose();
    }
  }

  async readBrick(volumeId: string, address: BrickAddress, options: AbortOptions = {}): Promise<ReadBrick> {
    const brick = await this.#volume(volumeId).readBrick(address, options);
    const unkept = this.#unkept.get(volumeId);
    this.#unkept.delete(volumeId);
    return unkept === undefined ? brick : { ...brick, unkept };
  }

  async readBrickInto(
    volumeId: string,
    address: BrickAddress,
    into: VoxelArray,
    options: AbortOptions = {},
  ): Promise<BrickRange & Unkept> {
    const { voxels, ...brick } = await this.readBrick(volumeId, address, options);
    into.set(voxels);
    return brick;
  }

  async probe(volumeId: string, options: AbortOptions = {}): Promise<void> {
    await this.#volume(volumeId).probe(options);
  }

  async release(volumeId: string): Promise<void> {
    const volume = this.#volumes.get(volumeId);
    this.#volumes.delete(volumeId);
    await volume?.close();
  }

  #volume(volumeId: string): CachedVolume {
    const volume = this.#volumes.get(volumeId);
    if (volume) return volume;
    throw new VoxelwrightError("argument", "The study is not attached to its source.", { subject: volumeId });
  }
}
