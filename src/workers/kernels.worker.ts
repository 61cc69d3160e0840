import { KernelHost } from "./kernel-host.ts";
import { serveWorker } from "./serve-worker.ts";

serveWorker(new KernelHost());
