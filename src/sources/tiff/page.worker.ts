import { serveWorker, transfer } from "#workers";
import { decodePage } from "./decode-page.ts";
import type { PageWorkerApi } from "./page.api.ts";

const api: PageWorkerApi = {
  async decode(bytes, page) {
    const voxels = await decodePage(bytes, page);
    return transfer(voxels, [voxels.buffer as ArrayBuffer]);
  },
};

serveWorker(api);
