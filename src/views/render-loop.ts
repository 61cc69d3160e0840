import type { Disposable } from "#base";

/** Something that draws itself when asked to. */
export interface Drawable {
  /** Draws one frame. True asks for another one at the next frame. */
  draw(): boolean;
}

/** Draws what was invalidated, once a display frame; nothing is drawn while nothing changes. */
export class RenderLoop implements Disposable {
  readonly #dirty = new Set<Drawable>();
  #request = 0;
  #frames = 0;

  /** Pictures drawn so far, for tests of drawing on demand. */
  get frames(): number {
    return this.#frames;
  }

  invalidate(item: Drawable): void {
    this.#dirty.add(item);
    this.#request ||= requestAnimationFrame(() => this.#run());
  }

  remove(item: Drawable): void {
    this.#dirty.delete(item);
  }

  dispose(): void {
    cancelAnimationFrame(this.#request);
    this.#dirty.clear();
  }

  #run(): void {
    this.#request = 0;
    const items = [...this.#dirty];
    this.#dirty.clear();
    for (const item of items) {
      this.#frames++;
      if (item.draw()) this.invalidate(item);
    }
  }
}
