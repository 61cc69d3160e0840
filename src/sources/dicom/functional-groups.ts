import type { Attributes } from "./attributes.ts";
import { Tag } from "./tags.ts";

/**
 * Multi-frame functional groups (PS3.3 C.7.6.16): a macro is in the per-frame item or, where it holds for all frames, in the
 * shared one.
 */
export class FunctionalGroups {
  readonly #shared: Attributes | undefined;
  readonly #frames: readonly Attributes[];

  constructor(root: Attributes) {
    this.#shared = root.item(Tag.sharedFunctionalGroups);
    this.#frames = root.items(Tag.perFrameFunctionalGroups);
  }

  /** True when the file is an enhanced multi-frame one. */
  get present(): boolean {
    return this.#shared !== undefined || this.#frames.length > 0;
  }

  get frameCount(): number {
    return this.#frames.length;
  }

  /** The macro's item for a frame. */
  macro(frame: number, sequence: string): Attributes | undefined {
    return this.#frames[frame]?.item(sequence) ?? this.#shared?.item(sequence);
  }
}
