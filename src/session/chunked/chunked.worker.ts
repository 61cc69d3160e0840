import { openStudyStore, type StudyStore } from "#storage";
import { loadBrickCodec, serveWorker, transfer } from "#workers";
import { thumbnailUrl } from "../thumbnail.ts";
import type { ChunkedWorkerApi } from "./chunked.api.ts";
import { ChunkedStudies } from "./chunked-studies.ts";

let store: Promise<StudyStore> | undefined;

/** The cache, opened again after it failed to open or was lost. */
function cache(): Promise<StudyStore> {
  store ??= openStudyStore().then((opened) => {
    opened.lost.on(() => {
      store = undefined;
    });
    return opened;
  });
  store.catch(() => {
    store = undefined;
  });
  return store;
}

const studies = new ChunkedStudies(cache, thumbnailUrl);

const api: ChunkedWorkerApi = {
  prepare: async () => {
    await Promise.all([studies.prepare(), loadBrickCodec()]);
  },
  create: (study, options) => studies.create(study, options),
  attach: (volumeId, origin, input) => studies.attach(volumeId, origin, input),
  matches: (volumeId, origin, input, options) => studies.matches(volumeId, origin, input, options),
  async readBrick(volumeId, address, options) {
    const brick = await studies.readBrick(volumeId, address, options);
    // Others in this thread may hold the same voxels: the page gets its own.
    const voxels = brick.voxels.slice();
    return transfer({ ...brick, voxels }, [voxels.buffer as ArrayBuffer]);
  },
  readBrickInto: (volumeId, address, into, options) => studies.readBrickInto(volumeId, address, into, options),
  probe: (volumeId, options) => studies.probe(volumeId, options),
  release: (volumeId) => studies.release(volumeId),
};

serveWorker(api);
