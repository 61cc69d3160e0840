export { mountUi } from "./mount.tsx";
export { createSessionPort } from "./session-port.ts";
export type { ExportResult, UiCommands, VerifyResult } from "./ui-commands.ts";
export type * from "./ui-port.ts";
