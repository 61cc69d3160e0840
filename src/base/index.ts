export * from "./abort.ts";
export { crc32 } from "./crc32.ts";
export * from "./disposable.ts";
export * from "./emitter.ts";
export * from "./errors.ts";
export * from "./geometry.ts";
export * from "./log.ts";
export * from "./shared-work.ts";
export * from "./signal.ts";
