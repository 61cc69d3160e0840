import { serveWorker } from "#workers";
import type { LabelFilesApi } from "./label-files.api.ts";
import { writeLabelFile } from "./write-label-file.ts";

const api: LabelFilesApi = { write: writeLabelFile };

serveWorker(api);
