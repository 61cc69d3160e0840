import { serveWorker, transfer } from "#workers";
import { inlineEncoder } from "./brick-encoder.ts";
import { movable } from "./movable.ts";
import type { EncodeWorkerApi } from "./encode.api.ts";

const api: EncodeWorkerApi = {
  async encode(planes) {
    const encoded = await inlineEncoder.encode(planes);
    return transfer(encoded, movable([...encoded.parts, ...encoded.planes]));
  },
};

serveWorker(api);
