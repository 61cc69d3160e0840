import type { PointerHandler } from "#views";

export type { PlanePick } from "#views";

/** A tool that takes the left button's drag. `move` gets every pointer sample since the last call, in order. */
export type PointerTool = Omit<PointerHandler, "wheel">;
