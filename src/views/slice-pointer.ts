import { type Disposable, DisposableStack } from "#base";
import type { LeftDrag, PlanePick, PointerHandler } from "./view-port.ts";

/** What the pointer does to a plane view. Distances in CSS pixels. */
export interface SlicePointerPort {
  pick(event: { readonly clientX: number; readonly clientY: number }): PlanePick;
  hover(pick: PlanePick | undefined): void;
  /** A button went down on the plane, or all are up again. */
  press(down: boolean): void;
  /** Steps through slices; +1 goes up (superior, anterior, left). */
  step(count: number): void;
  pan(dx: number, dy: number): void;
  /** Zooms by a factor, keeping the place under a point of the view where it is. */
  zoomAt(x: number, y: number, factor: number): void;
  windowBy(dx: number, dy: number): void;
  crosshairTo(pick: PlanePick): void;
  maximise(): void;
  /** A drag that turns planes, when it begins at a handle. */
  grab(event: { readonly clientX: number; readonly clientY: number }): TurnDrag | undefined;
  handler(): PointerHandler | undefined;
  leftDrag(): LeftDrag;
}

/** A drag of a crosshair handle. */
export interface TurnDrag {
  /** `free` does not come to rest where the planes are straight. */
  move(to: { readonly clientX: number; readonly clientY: number }, free: boolean): void;
  /** `kept` false puts the planes back. */
  end(kept: boolean): void;
}

type Drag =
  | { readonly kind: "turn"; readonly turn: TurnDrag }
  | { readonly kind: "tool"; readonly handler: PointerHandler }
  | { readonly kind: LeftDrag; x: number; y: number; readonly startX: number; readonly startY: number };

/** Wheel distance of one slice for devices that scroll smoothly. */
const WHEEL_STEP_PX = 60;

/**
 * Mouse, pen and touch on a plane: wheel scrolls, Ctrl+wheel and pinch zoom, middle or Shift+left pans, right or Ctrl+left changes
 * the window, left belongs to the tool in hand or to `leftDrag`.
 */
export class SlicePointer implements Disposable {
  readonly #port: SlicePointerPort;
  readonly #target: HTMLElement;
  readonly #stack = new DisposableStack();
  #drag: Drag | undefined;
  #pointer = -1;
  #wheel = 0;
  readonly #touches = new Map<number, { x: number; y: number }>();

  constructor(target: HTMLElement, port: SlicePointerPort) {
    this.#target = target;
    this.#port = port;
    this.#listen("pointerdown", (event) => this.#down(event));
    this.#listen("pointermove", (event) => this.#move(event));
    this.#listen("pointerup", (event) => this.#up(event));
    this.#listen("pointercancel", () => this.cancel());
    this.#listen("pointerleave", () => this.#port.hover(undefined));
    this.#listen("contextmenu", (event) => event.preventDefault());
    this.#listen("dblclick", (event) => {
      if (!this.#takes(port.pick(event))) port.maximise();
    });
    this.#listen("wheel", (event) => this.#onWheel(event), { passive: false });
    const escape = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && this.#drag) this.cancel();
    };
    window.addEventListener("keydown", escape, true);
    this.#stack.defer(() => window.removeEventListener("keydown", escape, true));
  }

  /** Ends a drag under way as if it had not been. */
  cancel(): void {
    if (this.#drag?.kind === "tool") this.#drag.handler.cancel();
    if (this.#drag?.kind === "turn") this.#drag.turn.end(false);
    this.#drag = undefined;
    this.#touches.clear();
    this.#port.press(false);
  }

  dispose(): void {
    this.cancel();
    this.#stack.dispose();
  }

  #listen<K extends keyof HTMLElementEventMap>(
    type: K,
    run: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    this.#target.addEventListener(type, run, options);
    this.#stack.defer(() => this.#target.removeEventListener(type, run, options));
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === "touch") {
      this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.#touches.size === 2) {
        const touches = new Map(this.#touches);
        this.cancel();
        for (const [id, at] of touches) this.#touches.set(id, at);
        return;
      }
    }
    if (this.#drag) return;
    const kind = this.#kindOf(event);
    if (kind === undefined) return;
    event.preventDefault();
    this.#target.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#port.press(true);
    const turn = kind === "crosshair" ? this.#port.grab(event) : undefined;
    if (turn) {
      this.#drag = { kind: "turn", turn };
      return;
    }
    if (kind === "tool") {
      const handler = this.#port.handler()!;
      this.#drag = { kind, handler };
      handler.down(this.#port.pick(event));
      return;
    }
    this.#drag = { kind, x: event.clientX, y: event.clientY, startX: event.clientX, startY: event.clientY };
    if (kind === "crosshair") this.#port.crosshairTo(this.#port.pick(event));
  }

  #kindOf(event: PointerEvent): "tool" | LeftDrag | undefined {
    if (event.button === 1) return "pan";
    if (event.button === 2) return "window";
    if (event.button !== 0) return undefined;
    if (event.shiftKey) return "pan";
    if (event.ctrlKey || event.metaKey) return "window";
    return this.#takes(this.#port.pick(event)) ? "tool" : this.#port.leftDrag();
  }

  /** Whether the tool in hand has the left button at a place. */
  #takes(pick: PlanePick): boolean {
    const handler = this.#port.handler();
    return handler !== undefined && (handler.takes?.(pick) ?? true);
  }

  #grabs(pick: PlanePick): boolean {
    const handler = this.#port.handler();
    return handler?.grabs?.(pick) ?? handler?.takes?.(pick) ?? false;
  }

  #move(event: PointerEvent): void {
    if (this.#touches.size === 2 && this.#touches.has(event.pointerId)) {
      this.#pinch(event);
      return;
    }
    const pick = this.#port.pick(event);
    this.#port.hover(pick);
    const drag = this.#drag;
    if (!drag) {
      this.#target.classList.toggle("vw-grab", this.#grabs(pick));
      this.#target.classList.toggle("vw-turn", !this.#takes(pick) && this.#port.grab(event) !== undefined);
    }
    if (!drag || event.pointerId !== this.#pointer) return;
    if (drag.kind === "turn") {
      drag.turn.move(event, event.altKey);
      return;
    }
    if (drag.kind === "tool") {
      const samples = event.getCoalescedEvents?.() ?? [];
      drag.handler.move((samples.length > 0 ? samples : [event]).map((sample) => this.#port.pick(sample)));
      return;
    }
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (drag.kind === "pan") this.#port.pan(dx, dy);
    else if (drag.kind === "window") this.#port.windowBy(dx, dy);
    else if (drag.kind === "crosshair") this.#port.crosshairTo(this.#port.pick(event));
    else {
      const box = this.#target.getBoundingClientRect();
      this.#port.zoomAt(drag.startX - box.left, drag.startY - box.top, Math.exp(-dy / 150));
    }
  }

  #up(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    if (event.pointerId !== this.#pointer) return;
    if (this.#drag?.kind === "tool") this.#drag.handler.up();
    if (this.#drag?.kind === "turn") this.#drag.turn.end(true);
    this.#drag = undefined;
    this.#pointer = -1;
    this.#port.press(false);
  }

  #pinch(event: PointerEvent): void {
    const before = [...this.#touches.values()] as [{ x: number; y: number }, { x: number; y: number }];
    const spread = Math.hypot(before[0].x - before[1].x, before[0].y - before[1].y);
    const middle = { x: (before[0].x + before[1].x) / 2, y: (before[0].y + before[1].y) / 2 };
    this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = [...this.#touches.values()] as typeof before;
    const wider = Math.hypot(after[0].x - after[1].x, after[0].y - after[1].y);
    const moved = { x: (after[0].x + after[1].x) / 2, y: (after[0].y + after[1].y) / 2 };
    const box = this.#target.getBoundingClientRect();
    this.#port.pan(moved.x - middle.x, moved.y - middle.y);
    if (spread > 0) this.#port.zoomAt(moved.x - box.left, moved.y - box.top, wider / spread);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    if (!event.ctrlKey && this.#port.handler()?.wheel?.(event)) return;
    const px =
      event.deltaY *
      (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1);
    if (event.ctrlKey) {
      const box = this.#target.getBoundingClientRect();
      this.#port.zoomAt(
        event.clientX - box.left,
        event.clientY - box.top,
        Math.exp(-Math.min(Math.max(px, -120), 120) / 400),
      );
      return;
    }
    // A notch of a mouse wheel is one slice; a touchpad's small deltas add up.
    if (Math.abs(px) >= WHEEL_STEP_PX) {
      this.#wheel = 0;
      this.#port.step(-Math.sign(px));
      return;
    }
    this.#wheel += px;
    const steps = Math.trunc(this.#wheel / WHEEL_STEP_PX);
    if (steps === 0) return;
    this.#wheel -= steps * WHEEL_STEP_PX;
    this.#port.step(-steps);
  }
}
