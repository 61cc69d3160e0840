export type * from "./study-store.ts";
