import { QUALITY_PICTURES } from "./volume-look.ts";
import type { VolumeQuality } from "./volume-state.ts";

/** Time a picture may take while things move, and a strip of the refined one; ms. */
const MOVING_MS = 45;
const STRIP_MS = 70;
/** Time that averaging pictures may take altogether at standard quality, ms. */
const AVERAGING_MS = 1500;

/** How large, and in what parts, pictures of a volume are drawn, by the time that those before took. */
export class PicturePace {
  #scale = 0.5;
  /** Milliseconds a row of the refined picture takes. */
  #rowMs = 0.5;

  /** Size of a picture while things move, for one of `width` × `height` pixels at rest. */
  roughSize(width: number, height: number): { readonly width: number; readonly height: number } {
    const size = (full: number): number => Math.max(Math.round(full * this.#scale), 16);
    return { width: size(width), height: size(height) };
  }

  /** Rows of the refined picture for one strip. */
  get rows(): number {
    return Math.max(Math.floor(STRIP_MS / Math.max(this.#rowMs, 1e-3)), 8);
  }

  /** How many refined pictures to average: fewer where one takes long, unless high quality is asked for. */
  planned(quality: VolumeQuality, height: number): number {
    const most = QUALITY_PICTURES[quality];
    if (quality === "high") return most;
    return Math.min(Math.max(Math.floor(AVERAGING_MS / Math.max(this.#rowMs * height, 1)), 1), most);
  }

  /** A rough picture of `height` rows took `ms`; the refined one is `larger` times as wide. */
  tookRough(ms: number, height: number, larger: number): void {
    // Towards the size that takes the time allowed, never in one leap.
    const factor = Math.min(Math.max(Math.sqrt(MOVING_MS / Math.max(ms, 1)), 0.6), 1.3);
    if (factor < 0.9 || factor > 1.12) this.#scale = Math.min(Math.max(this.#scale * factor, 0.15), 1);
    this.#rowMs = (ms / height) * larger * 1.6;
  }

  tookRows(ms: number, rows: number): void {
    this.#rowMs = ms / rows;
  }
}
