import { serveWorker, transfer } from "#workers";
import { encodeBrick } from "./brick-encoder.ts";
import { movable } from "./movable.ts";
import type { EncodeWorkerApi } from "./encode.api.ts";

const api: EncodeWorkerApi = {
  async encode(planes) {
    const encoded = await encodeBrick(planes);
    return transfer(encoded, movable([...encoded.parts, ...encoded.planes]));
  },
};

serveWorker(api);
