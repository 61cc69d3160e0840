export * from "./proposal.ts";
export * from "./segment.ts";
