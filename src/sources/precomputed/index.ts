export { openPrecomputedAddress, openPrecomputedFolders, withoutMarks } from "./open.ts";
