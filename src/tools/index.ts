export * from "./box-tool.ts";
export * from "./brush-tool.ts";
export * from "./either-tool.ts";
export * from "./grow-tool.ts";
export * from "./island-tool.ts";
export * from "./measure-tool.ts";
export * from "./pointer-tool.ts";
export * from "./tool-state.ts";
