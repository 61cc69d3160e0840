import type { PlanePick, PointerTool } from "./pointer-tool.ts";

/** Two tools that leave places to each other: the first that takes a place has the drag that begins there. */
export class EitherTool implements PointerTool {
  readonly #tools: readonly PointerTool[];
  #held: PointerTool | undefined;

  constructor(...tools: readonly PointerTool[]) {
    this.#tools = tools;
  }

  takes(pick: PlanePick): boolean {
    return this.#tools.some((tool) => tool.takes?.(pick) ?? true);
  }

  grabs(pick: PlanePick): boolean {
    return this.#tools.some((tool) => (tool.grabs ? tool.grabs(pick) : (tool.takes?.(pick) ?? true)));
  }

  down(pick: PlanePick): void {
    this.#held = this.#tools.find((tool) => tool.takes?.(pick) ?? true);
    this.#held?.down(pick);
  }

  move(picks: readonly PlanePick[]): void {
    this.#held?.move(picks);
  }

  up(): void {
    this.#held?.up();
    this.#held = undefined;
  }

  cancel(): void {
    this.#held?.cancel();
    this.#held = undefined;
  }
}
