import { serveWorker, transfer } from "#workers";
import { inlineEncoder } from "./brick-encoder.ts";
import type { EncodeWorkerApi } from "./encode.api.ts";

const api: EncodeWorkerApi = {
  async encode(voxels) {
    const encoded = await inlineEncoder.encode(voxels);
    const buffers = new Set([encoded.bytes.buffer, encoded.voxels.buffer]);
    // Memory that both threads see is not moved.
    return transfer(
      encoded,
      [...buffers].filter((buffer) => buffer instanceof ArrayBuffer),
    );
  },
};

serveWorker(api);
