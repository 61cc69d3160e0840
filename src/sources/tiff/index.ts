export { openTiffs } from "./open-tiffs.ts";
