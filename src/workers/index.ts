export * from "./connect-worker.ts";
export type * from "./kernels.api.ts";
export { serveWorker } from "./serve-worker.ts";
export { transfer } from "./wire.ts";
export * from "./worker-pool.ts";
