import type { Segment } from "#labelmap";
import { MAX_LABEL } from "#labelmap";

/** Colours of all 65,536 label values, rgba8 with red in the lowest byte. Alpha 0 hides a label; else it is 1 or its opacity in 3D. */
export class LabelColors {
  readonly words = new Uint32Array(MAX_LABEL + 1);
  #from = 0;
  #to = MAX_LABEL + 1;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Takes the colours and visibility of these segments; values without a segment are drawn in grey, never hidden. */
  set(segments: readonly Segment[]): void {
    const next = new Uint32Array(MAX_LABEL + 1).fill(packColor("#9aa0a6", true));
    next[0] = 0;
    for (const { value, color, visible, opacity3d } of segments) next[value] = packColor(color, visible, opacity3d);
    let from = next.length;
    let to = 0;
    for (let value = 0; value < next.length; value++) {
      if (this.words[value] === next[value]) continue;
      from = Math.min(from, value);
      to = value + 1;
    }
    if (from >= to) return;
    this.words.set(next);
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
    this.#version++;
  }

  /** The values changed since the last call. */
  takeDirty(): { from: number; to: number } | undefined {
    if (this.#from >= this.#to) return undefined;
    const dirty = { from: this.#from, to: this.#to };
    this.#from = this.words.length;
    this.#to = 0;
    return dirty;
  }

  /** Everything must be uploaded again, as after a device loss. */
  touch(): void {
    this.#from = 0;
    this.#to = this.words.length;
  }
}

/**
 * `#rrggbb` as one word; hidden keeps the colour with alpha 0. Alpha 1 of 255 is shown on planes and not in 3D
 * (`LEAST_OPACITY` of shaders/common/label-lookup.wgsl).
 */
export function packColor(color: string, visible: boolean, opacity3d = 1): number {
  const rgb = Number.parseInt(color.slice(1), 16);
  const red = (rgb >> 16) & 255;
  const green = (rgb >> 8) & 255;
  const blue = rgb & 255;
  return (((visible ? Math.max(Math.round(opacity3d * 255), 1) : 0) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
