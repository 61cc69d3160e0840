import type { IndexIjk } from "#volume";
import type { PlanePick, PointerTool } from "./pointer-tool.ts";

/** What choosing islands by click needs of the session. */
export interface IslandPort {
  /** Adds the island at a voxel to the chosen ones, or takes it away again, and shows what would change. */
  choose(ijk: IndexIjk): void;
}

/** Islands are chosen by clicking them. */
export class IslandTool implements PointerTool {
  readonly #port: IslandPort;

  constructor(port: IslandPort) {
    this.#port = port;
  }

  down(pick: PlanePick): void {
    if (!pick.inside) return;
    this.#port.choose([Math.round(pick.ijk[0]), Math.round(pick.ijk[1]), Math.round(pick.ijk[2])]);
  }

  move(): void {}

  up(): void {}

  cancel(): void {}
}
