import type { ProgressOptions } from "#base";
import { spawnWorker, type WorkerCalls } from "#workers";
import type { LabelFileRequest, LabelFilesApi, WrittenLabelFile } from "./label-files.api.ts";
import type { SurfaceFileOptions, SurfaceFileRequest, WrittenSurfaceFile } from "./write-surface-file.ts";

/** Writes a file of labels in a worker that lives as long as that takes. */
export function writeLabelFileInWorker(
  request: LabelFileRequest,
  options: ProgressOptions = {},
): Promise<WrittenLabelFile> {
  return inWorker((api) => api.write(request, options));
}

/** Writes a file of surfaces, likewise. */
export function writeSurfaceFileInWorker(
  request: SurfaceFileRequest,
  options: SurfaceFileOptions,
): Promise<WrittenSurfaceFile> {
  return inWorker((api) => api.writeSurface(request, options));
}

async function inWorker<Result>(work: (api: WorkerCalls<LabelFilesApi>) => Promise<Result>): Promise<Result> {
  const connection = spawnWorker<LabelFilesApi>(
    (Worker) =>
      new Worker(new URL("./label-files.worker.ts", import.meta.url), { type: "module", name: "voxelwright files" }),
  );
  try {
    return await work(connection.api);
  } finally {
    connection.terminate();
  }
}
