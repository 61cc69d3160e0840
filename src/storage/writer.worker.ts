import { tellProcessors, VoxelwrightError } from "#base";
import { loadBrickCodec, serveWorker, transfer } from "#workers";
import { platformEncoder } from "./brick-encoder.ts";
import { movable } from "./movable.ts";
import { openStudyStore } from "./create-study-store.ts";
import type { StudyStore, StudyWriter } from "./study-store.ts";
import type { WriterWorkerApi } from "./writer.api.ts";

let at: { readonly writer: StudyWriter; readonly store: StudyStore } | undefined;

function writer(): StudyWriter {
  if (!at) throw new VoxelwrightError("argument", "No study is being written.");
  return at.writer;
}

async function begin(open: (store: StudyStore) => Promise<StudyWriter>): Promise<number> {
  if (at) throw new VoxelwrightError("argument", "Another study is being written.");
  // Wanted with the first bricks, which fail with it.
  loadBrickCodec().catch(() => undefined);
  const store = await openStudyStore({ encoderFor: platformEncoder });
  try {
    at = { writer: await open(store), store };
  } catch (error) {
    store.dispose();
    throw error;
  }
  return at.writer.wholeSlices;
}

async function end<T>(close: (open: StudyWriter) => Promise<T>): Promise<T> {
  const ending = at;
  try {
    return await close(writer());
  } finally {
    at = undefined;
    ending?.store.dispose();
  }
}

const api: WriterWorkerApi = {
  tellProcessors,
  create: (volumeId, description, expectedBytes, place) =>
    begin((store) => store.create(volumeId, description, expectedBytes, place)),
  resume: (volumeId, expectedBytes) => begin((store) => store.resume(volumeId, expectedBytes)),
  async writeBricks(bricks) {
    const open = writer();
    const planes = await Promise.all(bricks.map((brick) => open.writeBrick(brick)));
    return transfer(planes, movable(planes.flat()));
  },
  flush: (wholeSlices) => writer().flush(wholeSlices),
  finish: (extra) => end((open) => open.finish(extra)),
  suspend: () => end((open) => open.suspend()),
  abort: () => end((open) => open.abort()),
};

serveWorker(api);
