import { type Disposable, DisposableStack, effect } from "#base";
import { CanvasTarget } from "#gpu";
import { element } from "./dom.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import { SliceOverlay } from "./slice-overlay.ts";
import { SlicePointer, type SlicePointerPort } from "./slice-pointer.ts";
import type { Stage } from "./stage.ts";

export interface FlatPictureOptions {
  /** Names the view in the page. */
  readonly name: string;
  /** Of its title. */
  readonly color: string;
  readonly parent: HTMLElement;
  readonly stage: Stage;
  readonly loop: RenderLoop;
  /** What draws it. */
  readonly view: Drawable;
}

/** The element of a flat view: a picture, what lies over it and the pointer, drawn again when something it shows has changed. */
export class FlatPicture implements Disposable {
  readonly root: HTMLElement;
  readonly target: CanvasTarget;
  readonly overlay: SliceOverlay;
  readonly #options: FlatPictureOptions;
  readonly #stack = new DisposableStack();
  #visible = false;

  constructor(options: FlatPictureOptions) {
    const { name, color, parent, stage } = options;
    this.#options = options;
    this.root = element("div", `vw-view vw-view-${name}`, parent);
    this.root.dataset["view"] = name;
    this.target = this.#stack.add(new CanvasTarget(stage.gpu, element("canvas", "vw-canvas", this.root)));
    this.overlay = new SliceOverlay(this.root, color);
  }

  /** False while it has no room. */
  get visible(): boolean {
    return this.#visible;
  }

  /** Gives `pointer` the events, and draws again when a signal that `track` reads has changed. */
  begin(pointer: SlicePointerPort, track: () => void): void {
    const { stage, loop, view } = this.#options;
    const redraw = (): void => this.invalidate();
    this.#stack.add(new SlicePointer(this.overlay.root, pointer));
    this.#stack.add(stage.changed.on(redraw));
    this.#stack.add(stage.labelsChanged.on(redraw));
    this.#stack.defer(
      effect(() => {
        track();
        redraw();
      }),
    );
    this.#stack.defer(() => loop.remove(view));
    this.#stack.defer(() => this.root.remove());
  }

  /** Asks for a new picture at the next display frame. */
  invalidate(): void {
    if (this.#visible) this.#options.loop.invalidate(this.#options.view);
  }

  /** Takes its size in device pixels; gives whether it has any. */
  resize(width: number, height: number): boolean {
    this.#visible = width > 0 && height > 0;
    if (this.#visible) {
      this.target.resize(width, height);
      this.invalidate();
    }
    return this.#visible;
  }

  dispose(): void {
    this.#visible = false;
    this.#stack.dispose();
  }
}
