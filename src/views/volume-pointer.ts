import { type Disposable, DisposableStack } from "#base";

/** A pointer that moved no further than this has clicked, CSS pixels. */
const STILL_PX = 4;
/** A second click within this is a double click, ms. */
const DOUBLE_MS = 230;

/** Tells clicks on the volume from drags of its camera and from double clicks. */
export class VolumePointer implements Disposable {
  readonly #stack = new DisposableStack();
  #down: { readonly x: number; readonly y: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `click` gets shares of the element's width and height. */
  constructor(
    target: HTMLElement,
    port: { readonly maximise: () => void; readonly click: (x: number, y: number) => void },
  ) {
    const listen = <K extends keyof HTMLElementEventMap>(
      type: K,
      run: (event: HTMLElementEventMap[K]) => void,
    ): void => {
      target.addEventListener(type, run);
      this.#stack.defer(() => target.removeEventListener(type, run));
    };
    listen("pointerdown", ({ button, isPrimary, clientX: x, clientY: y }) => {
      this.#down = button === 0 && isPrimary ? { x, y } : undefined;
    });
    listen("pointerup", ({ clientX, clientY, shiftKey, ctrlKey, metaKey }) => {
      const down = this.#down;
      this.#down = undefined;
      if (!down || shiftKey || ctrlKey || metaKey) return;
      if (Math.hypot(clientX - down.x, clientY - down.y) > STILL_PX) return;
      const box = target.getBoundingClientRect();
      const at = [(clientX - box.left) / box.width, (clientY - box.top) / box.height] as const;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => port.click(...at), DOUBLE_MS);
    });
    listen("dblclick", () => {
      clearTimeout(this.#timer);
      port.maximise();
    });
    this.#stack.defer(() => clearTimeout(this.#timer));
  }

  dispose(): void {
    this.#stack.dispose();
  }
}
