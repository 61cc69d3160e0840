export * from "./connect-worker.ts";
export { createInlineKernels, type InlineKernelsOptions } from "./inline-kernels.ts";
export { loadKernelModule } from "./kernel-module.ts";
export { createKernelPool, type KernelPoolOptions } from "./kernel-pool.ts";
export type * from "./kernels.api.ts";
export { serveWorker } from "./serve-worker.ts";
export { transfer } from "./wire.ts";
export * from "./worker-pool.ts";
