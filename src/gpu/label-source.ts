import type { Emitter } from "#base";
import type { LabelChange } from "#labelmap";

/** Where the views read labels. The arrays stay the source's; the views only read, within the call that got them. */
export interface LabelSource {
  /** Label values of a brick (64³, i fastest), or undefined for a brick of background. Must answer at once. */
  readBrick(level: number, bi: number, bj: number, bk: number): Uint16Array | undefined;
  /**
   * Does a part of what `readBrick` would take long for, until about the time `until` (`performance.now()`); true when it would be
   * quick now. Absent where it always is.
   */
  prepare?(level: number, bi: number, bj: number, bk: number, until: number): boolean;
  /** Told after every change. With a box, only the voxels of level 0 in it (and what covers them) are uploaded again. */
  readonly changed: Emitter<LabelChange>;
}
