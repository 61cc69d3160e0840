import { serveWorker, transfer } from "#workers";
import { decodeFrame } from "./decode-frame.ts";
import type { DecodeWorkerApi } from "./decode.api.ts";

const api: DecodeWorkerApi = {
  async decode(bytes, info) {
    const voxels = await decodeFrame(bytes, info);
    return transfer(voxels, [voxels.buffer as ArrayBuffer]);
  },
};

serveWorker(api);
