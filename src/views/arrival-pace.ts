import type { Disposable } from "#base";

/** A GPU that takes longer than this for the views is slow, ms. */
const SLOW_MS = 40;
/** What a slow GPU rests between two pictures of bricks that come, as a multiple of the time that a picture took; at most this, ms. */
const REST_TIMES = 2;
const MOST_REST_MS = 1000;

export interface ArrivalPacePort {
  /** Has the views drawn anew. */
  readonly tell: () => void;
  /** Ends when the GPU has drawn what was submitted. */
  readonly drawn: () => Promise<unknown>;
  /** Whether more bricks are on their way. */
  readonly more: () => boolean;
}

/**
 * Tells views of bricks that came. A software GPU would draw them again for every few bricks, with the processor that brings the bricks:
 * there the views wait for a while, and for the last brick no longer than for a picture under way.
 */
export class ArrivalPace implements Disposable {
  readonly #port: ArrivalPacePort;
  #drawing = false;
  #waiting = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(port: ArrivalPacePort) {
    this.#port = port;
  }

  /** True until what came is drawn. */
  get busy(): boolean {
    return this.#drawing || this.#waiting;
  }

  /** A brick came. */
  arrived(): void {
    if (this.#drawing || (this.#rest !== undefined && this.#port.more())) this.#waiting = true;
    else this.#tell();
  }

  dispose(): void {
    this.#over = true;
    this.#endRest();
  }

  #tell(): void {
    this.#endRest();
    this.#waiting = false;
    this.#drawing = true;
    const start = performance.now();
    this.#port.tell();
    const drawn = (): void => this.#drawn(performance.now() - start);
    // Views draw at the next display frame.
    requestAnimationFrame(() => void this.#port.drawn().then(drawn, drawn));
  }

  #drawn(tookMs: number): void {
    this.#drawing = false;
    if (this.#over) return;
    const rest = tookMs > SLOW_MS && this.#port.more() ? Math.min(tookMs * REST_TIMES, MOST_REST_MS) : 0;
    if (rest === 0) {
      if (this.#waiting) this.#tell();
      return;
    }
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#waiting) this.#tell();
    }, rest);
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
  }
}
