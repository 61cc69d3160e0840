import { serveWorker } from "#workers";
import type { LabelFilesApi } from "./label-files.api.ts";
import { writeLabelFile } from "./write-label-file.ts";
import { writeSurfaceFile } from "./write-surface-file.ts";

const api: LabelFilesApi = { write: writeLabelFile, writeSurface: writeSurfaceFile };

serveWorker(api);
