import { batch, type Disposable, Emitter, type Signal, signal } from "#base";
import { lpsToPixel, type SlicePlane } from "#gpu";
import { finestMm } from "#volume";
import { HANDLE_REACH_PX, type Handle, turnedBy } from "./crosshair-handles.ts";
import { FlatPicture } from "./flat-picture.ts";
import { formatLps } from "./format-value.ts";
import { dragWindow, pannedBy, zoomedAbout } from "./drag-look.ts";
import { marksOnPlane } from "./measurement-marks.ts";
import { missingSlices } from "./missing-slices.ts";
import { orient } from "./orient.ts";
import { directionLetters, type PlaneFrame } from "./plane-frame.ts";
import { PlaneInView } from "./plane-in-view.ts";
import type { PlaneName } from "./plane-name.ts";
import { PointerValue } from "./pointer-value.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import { boxCorners, crosshairHandles, crosshairLines, cutLines, colorBars, toolCircle } from "./slice-marks.ts";
import { labelName, needLabels, sliceLook } from "./slice-look.ts";
import { SliceLayers, voxelAt } from "./slice-layers.ts";
import { SliceNeeds } from "./slice-needs.ts";
import { PLANE_COLORS } from "./slice-overlay.ts";
import type { SlicePointerPort, TurnDrag } from "./slice-pointer.ts";
import { sliceStatus, type SliceStatus, sliceStatusText } from "./slice-status.ts";
import { planeWords } from "./slice-words.ts";
import type { Stage } from "./stage.ts";
import type { LeftDrag, PlanePick, PointerHandler } from "./view-port.ts";

/** What all plane views share of the pointer. */
export interface PointerSettings {
  handler: PointerHandler | undefined;
  leftDrag: LeftDrag;
  /** Where the pointer is, in whichever plane. */
  readonly hover: Signal<PlanePick | undefined>;
}

/** One plane of the volume: canvas, overlay, pointer. */
export class SliceView implements Disposable, Drawable {
  readonly name: PlaneName;
  /** A double click asks for the whole room, or for the grid back. */
  readonly maximise = new Emitter<void>();
  readonly status: Signal<SliceStatus | undefined> = signal(undefined);
  readonly #stage: Stage;
  readonly #picture: FlatPicture;
  readonly #place: PlaneInView;
  readonly #needs: SliceNeeds;
  readonly #settings: PointerSettings;
  readonly #value: PointerValue;
  readonly #layers: SliceLayers;
  readonly #hover: Signal<PlanePick | undefined> = signal(undefined);
  readonly #turning = signal(false);
  /** How the letters at the edges lie. */
  #lettered: PlaneFrame | undefined;
  #pressed = false;
  /** Whether the highlighted segment lies under the pointer on this plane. */
  #highlights = false;
  /** Names the plane drawn last. */
  #drawn = "";

  constructor(options: {
    name: PlaneName;
    parent: HTMLElement;
    stage: Stage;
    loop: RenderLoop;
    settings: PointerSettings;
  }) {
    const { name, parent, stage, loop, settings } = options;
    this.name = name;
    this.#stage = stage;
    this.#settings = settings;
    this.#picture = new FlatPicture({ name, color: PLANE_COLORS[name], parent, stage, loop, view: this });
    this.#place = new PlaneInView(name, stage, this.#picture.target.canvas);
    this.#needs = new SliceNeeds(name, stage.bricks);
    const redraw = (): void => this.invalidate();
    const { port, volume } = stage;
    this.#value = new PointerValue((ijk, abort) => port.valueAt(ijk, abort), volume.description.unit, redraw);
    this.#layers = new SliceLayers(name, stage, redraw);
    this.#picture.begin(this.#pointerPort(), () => this.#track());
  }

  get root(): HTMLElement {
    return this.#picture.root;
  }

  /** Asks for a new picture at the next display frame. */
  invalidate(): void {
    this.#picture.invalidate();
  }

  /** Takes the view's size in device pixels; 0 hides it and ends its interest in bricks. */
  resize(width: number, height: number, ratio: number): void {
    this.#place.ratio = ratio;
    if (this.#picture.resize(width, height)) return;
    this.#needs.end();
    this.#layers.end();
  }

  /** Where a pointer event lies on the plane. */
  pick(event: { readonly clientX: number; readonly clientY: number }): PlanePick {
    const box = this.root.getBoundingClientRect();
    return this.#place.pick(event.clientX - box.left, event.clientY - box.top, box.width, box.height);
  }

  /** Steps through slices; +1 goes up (superior, anterior, left). */
  step(count: number): void {
    this.#place.step(count);
  }

  draw(): boolean {
    const stage = this.#stage;
    if (!stage.gpu.alive || !this.#picture.visible) return false;
    const { plane } = this.#place;
    this.#followPointer(plane);
    this.#followSegment();
    const { state } = stage;
    const slab = state.slab.value;
    const thicknessMm = slab.mode === "none" ? 0 : slab.thicknessMm;
    const needs = this.#needs.of(plane, state.frame.value, thicknessMm, state.crosshair.value);
    const { fused, status } = this.#layers.at(plane, thicknessMm);
    needLabels(stage, needs);
    const compiling = stage.slicePass.drawCompiled(this.#picture.target, {
      plane,
      level: needs.level,
      needed: needs.bricks,
      fused,
      ...(slab.mode === "none" ? {} : { slab: { mode: slab.mode, planes: needs.planes } }),
      bricks: stage.bindings,
      labels: stage.labelBindings,
      look: sliceLook(stage, this.#place.ratio),
    });
    // Until then the picture stays as it is.
    if (compiling) {
      void compiling.then(() => this.invalidate());
      return false;
    }
    this.#report(sliceStatus(stage.bricks, needs, status));
    this.#drawOverlay(plane);
    return false;
  }

  dispose(): void {
    this.#value.end();
    this.#needs.end();
    this.#layers.dispose();
    this.#picture.dispose();
  }

  /** Reads every signal that the picture depends on, so that its effect runs on a change. */
  #track(): void {
    const { state, activeSegment, hoveredSegment, slicesShown } = this.#stage;
    this.#layers.track();
    for (const one of [
      state.crosshair,
      state.window,
      state.invert,
      state.lut,
      state.interpolation,
      state.planes[this.name],
      state.orientation,
      state.slab,
      state.labelOpacity,
      state.labelOutline,
      state.labelHighlight,
      state.labelsVisible,
      state.frame,
      state.toolCursor,
      state.toolBox,
      state.volume.clipBox,
      state.volume.clipPlane,
      state.measurements,
      activeSegment,
      hoveredSegment,
      this.#hover,
      this.#turning,
      this.#settings.hover,
      ...(slicesShown ? [slicesShown] : []),
    ])
      void one.value;
  }

  /** What lies under a resting pointer changes when the plane moves under it. */
  #followPointer(plane: SlicePlane): void {
    const key = `${plane.origin.join()}/${plane.mmPerPixel}/${plane.width}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const before = this.#hover.peek();
    if (!before) return;
    const box = this.root.getBoundingClientRect();
    const now = this.pick({ clientX: box.left + before.screen.x, clientY: box.top + before.screen.y });
    batch(() => {
      this.#hover.value = now;
      if (this.#settings.hover.peek() === before) this.#settings.hover.value = now;
    });
  }

  /** Highlights the segment under the pointer on all planes; not while a button is down or a brush is in hand. */
  #followSegment(): void {
    const { state, port, volume, hoveredSegment } = this.#stage;
    const hover = this.#hover.value;
    const looks =
      hover?.inside === true && !this.#pressed && state.labelHighlight.value && state.toolCursor.value === undefined;
    if (!looks && !this.#highlights) return;
    this.#highlights = looks;
    hoveredSegment.value = looks ? port.labelAt(voxelAt(volume.grid, hover.ijk)) : 0;
  }

  #report(status: SliceStatus): void {
    const before = this.status.peek();
    if (!before || JSON.stringify(before) !== JSON.stringify(status)) this.status.value = status;
  }

  #setLetters(frame: PlaneFrame): void {
    if (this.#lettered === frame) return;
    this.#lettered = frame;
    const { right, down } = frame;
    const back = (v: readonly [number, number, number]): [number, number, number] => [-v[0], -v[1], -v[2]];
    this.#picture.overlay.setLetters({
      right: directionLetters(right),
      left: directionLetters(back(right)),
      bottom: directionLetters(down),
      top: directionLetters(back(down)),
    });
  }

  #drawOverlay(plane: SlicePlane): void {
    const stage = this.#stage;
    const place = this.#place;
    const { state, volume, slicesShown } = stage;
    const { frame } = place;
    const hover = this.#hover.value;
    const show = hover?.inside ? hover : undefined;
    const voxel = show && voxelAt(volume.grid, show.ijk);
    this.#setLetters(frame);
    this.#picture.overlay.setTexts({
      ...planeWords(stage, place, plane.mmPerPixel),
      state: sliceStatusText(this.status.peek(), stage.bricks.failures, stage.labelBricks),
      value: voxel ? this.#value.look(voxel, state.frame.value) : "",
      overlays: hover ? this.#layers.values(hover.lps) : "",
      label: voxel ? labelName(stage, voxel) : "",
      index: show ? `ijk ${show.ijk.map((n) => Math.round(n)).join(" ")}` : "",
      lps: show ? formatLps(show.lps, finestMm(volume.grid)) : "",
    });
    this.#picture.overlay.draw(plane.width, plane.height, {
      missing:
        slicesShown && frame.aligned
          ? missingSlices(volume.grid, plane, frame.axis, place.slice, slicesShown.value)
          : undefined,
      lines: [...crosshairLines(stage, place, plane), ...cutLines(stage, place, plane)],
      bars: colorBars(stage),
      handles: this.#handles(plane),
      box: boxCorners(stage, place, plane),
      cursor: toolCircle(stage, place, plane, this.#settings.hover.value, hover !== undefined),
      measurements: marksOnPlane(state.measurements.value, volume.grid, plane, state.frame.value),
      mmPerPixel: plane.mmPerPixel,
      pixelRatio: place.ratio,
    });
  }

  /** Grips on the other planes' lines, while the pointer is here and no tool wants it. */
  #handles(plane: SlicePlane): Handle[] {
    const { handler, leftDrag } = this.#settings;
    const turning = this.#turning.value;
    // A tool that leaves places to the view leaves it the handles too.
    const taken = handler !== undefined && handler.takes === undefined;
    if (!turning && (!this.#hover.value || taken || leftDrag !== "crosshair")) return [];
    return crosshairHandles(this.#stage, this.#place, plane);
  }

  /** A drag that turns the other planes, when it begins at one of their handles. */
  #grab(event: { readonly clientX: number; readonly clientY: number }): TurnDrag | undefined {
    const { plane, ratio, frame } = this.#place;
    const box = this.root.getBoundingClientRect();
    const at = (one: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => [
      (one.clientX - box.left) * ratio,
      (one.clientY - box.top) * ratio,
    ];
    const [x, y] = at(event);
    const reach = HANDLE_REACH_PX * ratio;
    if (!this.#handles(plane).some((handle) => Math.hypot(handle.x - x, handle.y - y) <= reach)) return undefined;
    const { state, volume } = this.#stage;
    const start = state.orientation.value;
    const [cx, cy] = lpsToPixel(plane, state.crosshair.value);
    const from = [x - cx - 0.5, y - cy - 0.5] as const;
    return {
      move: (to, free) => {
        const [tx, ty] = at(to);
        this.#turning.value = true;
        orient(state, volume.grid, turnedBy(start, frame, { from, to: [tx - cx - 0.5, ty - cy - 0.5] }, free));
      },
      end: (kept) => {
        this.#turning.value = false;
        if (!kept) orient(state, volume.grid, start);
      },
    };
  }

  #pointerPort(): SlicePointerPort {
    const { state } = this.#stage;
    const place = this.#place;
    const look = state.planes[this.name];
    const mmPerCssPx = (): number => place.plane.mmPerPixel * place.ratio;
    return {
      pick: (event) => this.pick(event),
      hover: (pick) => {
        this.#hover.value = pick;
        this.#settings.hover.value = pick;
      },
      press: (down) => {
        if (this.#pressed === down) return;
        this.#pressed = down;
        // A brush highlights nothing: a stroke draws no picture more.
        if (state.toolCursor.peek() === undefined) this.invalidate();
      },
      step: (count) => this.step(count),
      pan: (dx, dy) => {
        look.value = { ...look.value, ...pannedBy(look.value, dx, dy, mmPerCssPx()) };
      },
      zoomAt: (x, y, factor) => {
        const { width, height } = this.#picture.target.canvas;
        const fromMiddle = [x - width / place.ratio / 2, y - height / place.ratio / 2] as const;
        look.value = zoomedAbout(look.value, factor, fromMiddle, mmPerCssPx());
      },
      windowBy: (dx, dy) => dragWindow(state, dx, dy),
      crosshairTo: (pick) => place.crosshairTo(pick),
      maximise: () => this.maximise.emit(),
      grab: (event) => this.#grab(event),
      handler: () => this.#settings.handler,
      leftDrag: () => this.#settings.leftDrag,
    };
  }
}
