export type * from "./kernels.api.ts";
