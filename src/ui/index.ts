export { mountUi } from "./mount.tsx";
export type { ExportResult, UiCommands, VerifyResult } from "./ui-commands.ts";
export type * from "./ui-port.ts";
