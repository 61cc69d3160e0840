export * from "./create-study-store.ts";
export { createMemoryStudyStore, MemoryState, type MemoryStudyStoreOptions } from "./memory-study-store.ts";
export type * from "./study-store.ts";
export { clearTemporaryFiles, TemporaryFile, writeTemporaryFile } from "./temporary-file.ts";
export { createInWorker, resumeInWorker } from "./worker-writer.ts";
