import type { ProgressOptions } from "#base";
import { spawnWorker } from "#workers";
import type { LabelFileRequest, LabelFilesApi, WrittenLabelFile } from "./label-files.api.ts";

/** Writes a file of labels in a worker that lives as long as that takes. */
export async function writeLabelFileInWorker(
  request: LabelFileRequest,
  options: ProgressOptions = {},
): Promise<WrittenLabelFile> {
  const connection = spawnWorker<LabelFilesApi>(
    (Worker) =>
      new Worker(new URL("./label-files.worker.ts", import.meta.url), { type: "module", name: "voxelwright files" }),
  );
  try {
    return await connection.api.write(request, options);
  } finally {
    connection.terminate();
  }
}
