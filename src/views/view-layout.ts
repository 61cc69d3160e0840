import { type Disposable, DisposableStack, effect } from "#base";
import { element } from "./dom.ts";
import type { LayoutName, ViewState } from "./view-state.ts";

/** A view that takes its size in device pixels. */
export interface LaidOutView {
  readonly root: HTMLElement;
  resize(width: number, height: number, ratio: number): void;
}

export interface LayoutViews {
  readonly axial: LaidOutView;
  readonly coronal: LaidOutView;
  readonly sagittal: LaidOutView;
  readonly volume: LaidOutView;
  readonly curve: LaidOutView;
}

/** Places in the grid: row, column. */
const PLACES: Readonly<Record<keyof LayoutViews, readonly [number, number]>> = {
  axial: [0, 0],
  coronal: [1, 0],
  sagittal: [0, 1],
  volume: [1, 1],
  curve: [1, 1],
};

/** Smallest share of the room that a row or column can be dragged to. */
const LEAST = 0.15;

/**
 * Device pixels of a CSS pixel in a view, by its width in both; the window's own ratio where that fits to a pixel, else what the view
 * has. They differ where a ratio is emulated.
 */
export function pixelRatio(devicePx: number, cssPx: number, windowRatio: number): number {
  return cssPx === 0 || Math.abs(devicePx - cssPx * windowRatio) <= 1 ? windowRatio : devicePx / cssPx;
}

/** Two by two views with a cross between them that can be dragged, or one view alone. Views keep their nodes; only sizes change. */
export class ViewLayout implements Disposable {
  readonly root: HTMLElement;
  readonly #state: ViewState;
  readonly #views: LayoutViews;
  readonly #stack = new DisposableStack();
  #split: [number, number] = [0.5, 0.5];

  /** Views must already stand in `root`. */
  constructor(root: HTMLElement, state: ViewState, views: LayoutViews) {
    this.root = root;
    this.#state = state;
    this.#views = views;
    this.#addGrips();
    const observer = new ResizeObserver((entries) => this.#measured(entries));
    for (const view of Object.values(views) as LaidOutView[]) {
      try {
        observer.observe(view.root, { box: "device-pixel-content-box" });
      } catch {
        // Safari has no device pixel box.
        observer.observe(view.root);
      }
    }
    this.#stack.defer(() => observer.disconnect());
    this.#stack.defer(effect(() => this.#arrange(state.layout.value, state.curve.value !== undefined)));
  }

  /** Shows one view alone, or the grid when it is alone already. */
  toggle(name: keyof LayoutViews): void {
    this.#state.layout.value = this.#state.layout.value === name ? "grid" : name;
  }

  dispose(): void {
    this.#stack.dispose();
  }

  /** In the grid the picture along a path has the place of the volume. */
  #arrange(layout: LayoutName, curve: boolean): void {
    const { root } = this;
    root.dataset["layout"] = layout;
    const [x, y] = this.#split;
    root.style.gridTemplateColumns = layout === "grid" ? `${x}fr ${1 - x}fr` : "1fr";
    root.style.gridTemplateRows = layout === "grid" ? `${y}fr ${1 - y}fr` : "1fr";
    root.style.setProperty("--vw-split-x", `${x * 100}%`);
    root.style.setProperty("--vw-split-y", `${y * 100}%`);
    for (const name of Object.keys(this.#views) as (keyof LayoutViews)[]) {
      const { root: view } = this.#views[name];
      const [row, column] = PLACES[name];
      const covered = name === (curve ? "volume" : "curve");
      const shown = layout === "grid" ? !covered : layout === name;
      view.hidden = !shown;
      view.style.gridRow = layout === "grid" ? `${row + 1}` : "1";
      view.style.gridColumn = layout === "grid" ? `${column + 1}` : "1";
    }
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    const windowRatio = globalThis.devicePixelRatio || 1;
    for (const entry of entries) {
      const view = (Object.values(this.#views) as LaidOutView[]).find(({ root }) => root === entry.target);
      const device = entry.devicePixelContentBoxSize?.[0];
      const css = entry.contentBoxSize[0]!;
      const width = device?.inlineSize ?? Math.round(css.inlineSize * windowRatio);
      const height = device?.blockSize ?? Math.round(css.blockSize * windowRatio);
      view?.resize(width, height, pixelRatio(width, css.inlineSize, windowRatio));
    }
  }

  #addGrips(): void {
    for (const kind of ["x", "y", "both"] as const) {
      const grip = element("div", `vw-grip vw-grip-${kind}`, this.root);
      const move = (event: PointerEvent): void => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        const box = this.root.getBoundingClientRect();
        const share = (at: number): number => Math.min(Math.max(at, LEAST), 1 - LEAST);
        const x = kind === "y" ? this.#split[0] : share((event.clientX - box.left) / box.width);
        const y = kind === "x" ? this.#split[1] : share((event.clientY - box.top) / box.height);
        this.#split = [x, y];
        this.#arrange(this.#state.layout.peek(), this.#state.curve.peek() !== undefined);
      };
      grip.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
      });
      grip.addEventListener("pointermove", move);
      grip.addEventListener("dblclick", () => {
        this.#split = [0.5, 0.5];
        this.#arrange(this.#state.layout.peek(), this.#state.curve.peek() !== undefined);
      });
      this.#stack.defer(() => grip.remove());
    }
  }
}
