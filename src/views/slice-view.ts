import {
  add,
  batch,
  type Disposable,
  DisposableStack,
  dot,
  effect,
  Emitter,
  scale,
  type Signal,
  signal,
  subtract,
} from "#base";
import {
  CanvasTarget,
  focusOn,
  lpsToPixel,
  type PlaneBrick,
  pixelToLps,
  planeLevel,
  slabBricks,
  slabPlanes,
  type SlicePlane,
  wantsFor,
} from "#gpu";
import type { IndexIjk, PointLps } from "#volume";
import { HANDLE_REACH_PX, type Handle, handlesOn, turnedBy } from "./crosshair-handles.ts";
import { cutCorners } from "./cut-corners.ts";
import { element } from "./dom.ts";
import { formatLps, formatMm, formatValue } from "./format-value.ts";
import { marksOnPlane } from "./measurement-marks.ts";
import { lutOf } from "./luts.ts";
import type { ColorBar } from "./color-bar.ts";
import { missingSlices } from "./missing-slices.ts";
import { orient } from "./orient.ts";
import {
  directionLetters,
  fitMmPerPixel,
  obliqueStepMm,
  type PlaneFrame,
  planeFrame,
  sliceOf,
  sliceOffsetMm,
  viewPlane,
} from "./plane-frame.ts";
import { PLANE_NAMES, type PlaneName } from "./plane-name.ts";
import { degreesAbout, degreesBetween, isStraight, type PlaneOrientation, STRAIGHT } from "./plane-orientation.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import {
  type CrossLine,
  crossLines,
  CUT_COLOR,
  type OverlayMarks,
  PLANE_COLORS,
  SliceOverlay,
} from "./slice-overlay.ts";
import { SlicePointer, type TurnDrag } from "./slice-pointer.ts";
import { type SliceStatus, sliceStatusText } from "./slice-status.ts";
import type { Stage } from "./stage.ts";
import type { LeftDrag, PlanePick, PointerHandler } from "./view-port.ts";
import { setWindow, type SlabLook, ZOOM_RANGE } from "./view-state.ts";

const TITLES = { axial: "Axial", coronal: "Coronal", sagittal: "Sagittal" } as const;

/** Outside the volume; the calm ground of every view. */
export const VIEW_BACKGROUND = [0.043, 0.051, 0.063] as const;

/** Share of the atlas that one plane may claim, so that all views fit together. */
const ATLAS_SHARE = 0.25;

/** Bricks are sorted anew when the crosshair moves as far as this on the picture. */
const FOCUS_STEP_PX = 64;

/** The level and bricks that a plane needs, remembered by the plane. */
interface PlaneNeeds {
  readonly key: string;
  readonly level: number;
  readonly limited: boolean;
  readonly bricks: readonly PlaneBrick[];
  /** Of a slab; the plane alone where there is none. */
  readonly planes: readonly SlicePlane[];
}

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
  readonly root: HTMLElement;
  /** A double click asks for the whole room, or for the grid back. */
  readonly maximise = new Emitter<void>();
  readonly status: Signal<SliceStatus | undefined> = signal(undefined);
  readonly #stage: Stage;
  readonly #loop: RenderLoop;
  readonly #target: CanvasTarget;
  readonly #overlay: SliceOverlay;
  readonly #settings: PointerSettings;
  readonly #stack = new DisposableStack();
  readonly #hover: Signal<PlanePick | undefined> = signal(undefined);
  readonly #turning = signal(false);
  #needs: PlaneNeeds | undefined;
  #framed: { readonly orientation: PlaneOrientation; readonly frame: PlaneFrame } | undefined;
  /** Names the plane drawn last. */
  #drawn = "";
  #ratio = 1;
  #visible = false;
  #probe: AbortController | undefined;
  #value: { readonly key: string; readonly text: string; readonly label: string } = { key: "", text: "", label: "" };

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
    this.#loop = loop;
    this.#settings = settings;
    this.root = element("div", `vw-view vw-view-${name}`, parent);
    this.root.dataset["view"] = name;
    this.#target = this.#stack.add(new CanvasTarget(stage.gpu, element("canvas", "vw-canvas", this.root)));
    this.#overlay = new SliceOverlay(this.root, PLANE_COLORS[name]);
    this.#stack.add(new SlicePointer(this.#overlay.root, this.#pointerPort()));
    const redraw = (): void => this.invalidate();
    this.#stack.add(stage.changed.on(redraw));
    this.#stack.add(stage.labelsChanged.on(redraw));
    this.#stack.defer(
      effect(() => {
        this.#track();
        this.invalidate();
      }),
    );
    this.#stack.defer(() => loop.remove(this));
    this.#stack.defer(() => this.root.remove());
  }

  /** How the plane lies now. */
  get frame(): PlaneFrame {
    const orientation = this.#stage.state.orientation.value;
    if (this.#framed?.orientation !== orientation) {
      const frame = planeFrame(this.#stage.volume.grid, this.name, orientation);
      this.#framed = { orientation, frame };
      this.#setLetters(frame);
    }
    return this.#framed.frame;
  }

  /** Asks for a new picture at the next display frame. */
  invalidate(): void {
    if (this.#visible) this.#loop.invalidate(this);
  }

  /** Takes the view's size in device pixels; 0 hides it and ends its interest in bricks. */
  resize(width: number, height: number, ratio: number): void {
    this.#ratio = ratio;
    this.#visible = width > 0 && height > 0;
    if (!this.#visible) {
      this.#stage.bricks.want(this.name, []);
      this.#needs = undefined;
      return;
    }
    this.#target.resize(width, height);
    this.invalidate();
  }

  /** Where a pointer event lies on the plane. */
  pick(event: { readonly clientX: number; readonly clientY: number }): PlanePick {
    const { grid } = this.#stage.volume;
    const plane = this.#planeNow();
    const box = this.root.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const lps = pixelToLps(
      plane,
      (x / Math.max(box.width, 1)) * plane.width - 0.5,
      (y / Math.max(box.height, 1)) * plane.height - 0.5,
    );
    const ijk = grid.toIndex(lps);
    return {
      lps,
      ijk,
      axis: this.frame.axis,
      slice: this.#slice(),
      inside: grid.contains(ijk),
      screen: { x, y },
      plane: { right: plane.right, down: plane.down },
      mmPerPixel: plane.mmPerPixel * this.#ratio,
      ...(this.frame.aligned ? {} : { obliqueNormal: this.frame.normal }),
    };
  }

  /** Steps through voxel slices of full resolution, or as far along a turned normal; +1 goes up (superior, anterior, left). */
  step(count: number): void {
    const { grid } = this.#stage.volume;
    const { axis, up, aligned, normal } = this.frame;
    if (!aligned) {
      const way = count * up * Math.sign(dot(normal, grid.axis(axis))) * obliqueStepMm(grid, this.frame);
      this.#moveCrosshair(add(this.#stage.state.crosshair.value, scale(normal, way)));
      return;
    }
    const ijk = [...grid.toIndex(this.#stage.state.crosshair.value)] as [number, number, number];
    ijk[axis] = Math.min(Math.max(this.#slice() + count * up, 0), grid.dims[axis] - 1);
    this.#stage.state.crosshair.value = grid.toLps(ijk);
  }

  /** Puts the crosshair at a point, or at the voxel nearest to it in the volume. */
  #moveCrosshair(to: PointLps): void {
    const { grid } = this.#stage.volume;
    const ijk = grid.toIndex(to);
    const kept = ijk.map((n, axis) => Math.min(Math.max(n, 0), grid.dims[axis]! - 1)) as unknown as IndexIjk;
    this.#stage.state.crosshair.value = kept.every((n, axis) => n === ijk[axis]) ? to : grid.toLps(kept);
  }

  draw(): boolean {
    const stage = this.#stage;
    if (!stage.gpu.alive || !this.#visible) return false;
    const plane = this.#planeNow();
    this.#followPointer(plane);
    const { state } = stage;
    const needs = this.#need(plane);
    const slab = state.slab.value;
    const bricks = needs.bricks.map(({ brick }) => brick);
    const showLabels = state.labelsVisible.value;
    if (showLabels) stage.labelBricks.need(needs.level, bricks);
    if (stage.hasProposals) stage.proposalBricks.need(needs.level, bricks);
    stage.slicePass.draw(
      { view: this.#target.view(), format: this.#target.format },
      {
        plane,
        level: needs.level,
        needed: needs.bricks,
        ...(slab.mode === "none" ? {} : { slab: { mode: slab.mode, planes: needs.planes } }),
        bricks: stage.bindings,
        labels: stage.labelBindings,
        look: {
          ...stage.windowing,
          invert: state.invert.value,
          lut: lutOf(state.lut.value)!.colors,
          interpolation: state.interpolation.value,
          background: VIEW_BACKGROUND,
          showLabels,
          showProposals: stage.hasProposals,
          labelFill: state.labelOpacity.value,
          labelOutline: state.labelOutline.value ? 1.25 * this.#ratio : 0,
          activeSegment: stage.activeSegment.value,
        },
      },
    );
    this.#report(needs);
    this.#drawOverlay(plane);
    return false;
  }

  dispose(): void {
    this.#probe?.abort();
    this.#stage.bricks.want(this.name, []);
    this.#stack.dispose();
  }

  /** Reads every signal that the picture depends on, so that its effect runs on a change. */
  #track(): void {
    const { state, activeSegment } = this.#stage;
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
      state.labelsVisible,
      state.frame,
      state.toolCursor,
      state.toolBox,
      state.volume.clipBox,
      state.volume.clipPlane,
      state.measurements,
      activeSegment,
      this.#hover,
      this.#turning,
      this.#settings.hover,
      ...(this.#stage.slicesShown ? [this.#stage.slicesShown] : []),
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

  #slice(): number {
    return sliceOf(this.#stage.volume.grid, this.frame, this.#stage.state.crosshair.value);
  }

  /** Distance of the plane from the LPS origin along its normal. */
  #offsetMm(): number {
    const { volume, state } = this.#stage;
    const { frame } = this;
    return frame.aligned ? sliceOffsetMm(volume.grid, frame, this.#slice()) : dot(state.crosshair.value, frame.normal);
  }

  /** Millimetres per pixel at a zoom of 1: the same however the planes are turned, so that turning does not zoom. */
  #fittedMmPerPixel(): number {
    const { width, height } = this.#target.canvas;
    const { grid } = this.#stage.volume;
    const straight = planeFrame(grid, this.name, { ...STRAIGHT, base: this.#stage.state.orientation.value.base });
    return fitMmPerPixel(grid, straight, width, height);
  }

  #planeNow(): SlicePlane {
    const { width, height } = this.#target.canvas;
    const { volume, state } = this.#stage;
    const look = state.planes[this.name].value;
    return viewPlane(volume.grid, this.frame, look, this.#offsetMm(), this.#fittedMmPerPixel(), width, height);
  }

  /** The level and bricks that the plane needs; worked out anew only when the plane changes. */
  #need(plane: SlicePlane): PlaneNeeds {
    const { bricks, state, volume } = this.#stage;
    const frame = state.frame.value;
    const slab = state.slab.value;
    const thickness = slab.mode === "none" ? 0 : slab.thicknessMm;
    const { right } = plane;
    const focus = focusOn(plane, state.crosshair.value);
    const near = focus.map((n) => Math.floor(n / FOCUS_STEP_PX)).join();
    const key = `${near}/${plane.origin.join()}/${right.join()}/${plane.mmPerPixel}/${plane.width}/${plane.height}/${frame}/${thickness}`;
    if (this.#needs?.key === key) return this.#needs;
    const ideal = planeLevel(volume.grid, bricks.levels, plane);
    const room = Math.max(Math.floor(bricks.atlas.capacity * ATLAS_SHARE), 1);
    const planesAt = (level: number) => slabPlanes(volume.grid, bricks.levels[level]!, plane, thickness);
    let level = ideal;
    let planes = planesAt(level);
    let found = slabBricks(volume.grid, bricks.levels[level]!, planes, focus);
    while (found.length > room && level < bricks.levels.length - 1) {
      level++;
      planes = planesAt(level);
      found = slabBricks(volume.grid, bricks.levels[level]!, planes, focus);
    }
    this.#needs = { key, level, limited: level > ideal, bricks: found, planes };
    bricks.want(this.name, wantsFor(bricks.levels, frame, level, found));
    return this.#needs;
  }

  #report(needs: PlaneNeeds): void {
    const { table, levels } = this.#stage.bricks;
    let coarsest = needs.level;
    let missing = 0;
    for (const { brick } of needs.bricks) {
      const shown = table.levelShown(needs.level, brick);
      if (shown !== needs.level) missing++;
      coarsest = Math.max(coarsest, shown ?? levels.length - 1);
    }
    const status: SliceStatus = {
      level: needs.level,
      coarsest,
      levelCount: levels.length,
      missing,
      limited: needs.limited,
      crowded: missing > 0 && this.#stage.bricks.crowded,
      rounded: this.#stage.rounded,
    };
    const before = this.status.peek();
    if (!before || JSON.stringify(before) !== JSON.stringify(status)) this.status.value = status;
  }

  #setLetters({ right, down }: PlaneFrame): void {
    const back = (v: readonly [number, number, number]): [number, number, number] => [-v[0], -v[1], -v[2]];
    this.#overlay.setLetters({
      right: directionLetters(right),
      left: directionLetters(back(right)),
      bottom: directionLetters(down),
      top: directionLetters(back(down)),
    });
  }

  #drawOverlay(plane: SlicePlane): void {
    const { state, volume } = this.#stage;
    const { grid } = volume;
    const slice = this.#slice();
    const { center, width } = state.window.value;
    const hover = this.#hover.value;
    const show = hover?.inside ? hover : undefined;
    this.#lookUp(show);
    const digits = width < 10 ? 2 : 0;
    const fit = this.#fittedMmPerPixel();
    const { frame } = this;
    this.#overlay.setTexts({
      title: TITLES[this.name],
      slice: frame.aligned ? `${slice + 1} / ${grid.dims[frame.axis]}` : "oblique",
      position: formatPosition(this.#offsetMm(), frame),
      slab: slabText(state.slab.value),
      angle: this.#angles(),
      window: `W ${width.toFixed(digits)}  L ${center.toFixed(digits)}${state.invert.value ? "  inverted" : ""}`,
      zoom: `${(fit / plane.mmPerPixel).toFixed(fit / plane.mmPerPixel < 10 ? 2 : 0)}×`,
      state: sliceStatusText(this.status.peek(), this.#stage.bricks.failures, this.#stage.labelBricks.full),
      value: show ? this.#value.text : "",
      label: show ? this.#value.label : "",
      index: show ? `ijk ${show.ijk.map((n) => Math.round(n)).join(" ")}` : "",
      lps: show ? formatLps(show.lps) : "",
    });
    const { slicesShown } = this.#stage;
    this.#overlay.draw(plane.width, plane.height, {
      missing:
        slicesShown && frame.aligned ? missingSlices(grid, plane, frame.axis, slice, slicesShown.value) : undefined,
      lines: [...this.#crosshair(plane), ...this.#cut(plane)],
      bar: this.#colorBar(),
      handles: this.#handles(plane),
      box: this.#box(plane, slice),
      cursor: this.#cursor(plane),
      measurements: marksOnPlane(state.measurements.value, grid, plane, state.frame.value),
      mmPerPixel: plane.mmPerPixel,
      pixelRatio: this.#ratio,
    });
  }

  /** The lines of the two other planes through the crosshair. */
  #crosshair(plane: SlicePlane): CrossLine[] {
    const point = this.#stage.state.crosshair.value;
    const gap = 10 * this.#ratio;
    return PLANE_NAMES.filter((name) => name !== this.name).flatMap((name) => {
      return crossLines(plane, point, this.#meets(name), PLANE_COLORS[name], gap);
    });
  }

  /** Direction on screen, right and down, of the line where another plane meets this one. */
  #meets(name: PlaneName): readonly [number, number] {
    // At right angles to both normals.
    const n = planeFrame(this.#stage.volume.grid, name, this.#stage.state.orientation.value).normal;
    return [dot(n, this.frame.down), -dot(n, this.frame.right)];
  }

  /** Grips on the other planes' lines, while the pointer is here and no tool wants it. */
  #handles(plane: SlicePlane): Handle[] {
    const { handler, leftDrag } = this.#settings;
    const turning = this.#turning.value;
    // A tool that leaves places to the view leaves it the handles too.
    const taken = handler !== undefined && handler.takes === undefined;
    if (!turning && (!this.#hover.value || taken || leftDrag !== "crosshair")) return [];
    const [x, y] = lpsToPixel(plane, this.#stage.state.crosshair.value);
    return PLANE_NAMES.filter((name) => name !== this.name).flatMap((name) =>
      handlesOn(name, PLANE_COLORS[name], [x + 0.5, y + 0.5], this.#meets(name), plane),
    );
  }

  /** The colours of the window's values, where they are no greys. */
  #colorBar(): ColorBar | undefined {
    const { state, volume } = this.#stage;
    const { id, colors } = lutOf(state.lut.value)!;
    if (id === "grey") return undefined;
    const { center, width } = state.window.value;
    const { unit } = volume.description;
    return {
      colors,
      invert: state.invert.value,
      low: formatValue(center - width / 2, unit),
      high: formatValue(center + width / 2, unit),
    };
  }

  /** How far the plane, and the lines of the others on it, are from straight; empty when they are. */
  #angles(): string {
    const { state, volume } = this.#stage;
    const orientation = state.orientation.value;
    if (isStraight(orientation)) return "";
    const { grid } = volume;
    const straight = (name: PlaneName): PlaneFrame => planeFrame(grid, name, { ...STRAIGHT, base: orientation.base });
    const { normal } = this.frame;
    const other = PLANE_NAMES.find((name) => name !== this.name)!;
    const tilt = degreesBetween(straight(this.name).normal, normal);
    const lines = degreesAbout(normal, straight(other).normal, planeFrame(grid, other, orientation).normal);
    return [
      tilt >= 0.005 ? `tilted ${tilt.toFixed(2)}°` : "",
      Math.abs(lines) >= 0.005 ? `lines ${lines > 0 ? "+" : "−"}${Math.abs(lines).toFixed(2)}°` : "",
    ]
      .filter((text) => text !== "")
      .join("  ");
  }

  /** A drag that turns the other planes, when it begins at one of their handles. */
  #grab(event: { readonly clientX: number; readonly clientY: number }): TurnDrag | undefined {
    const plane = this.#planeNow();
    const box = this.root.getBoundingClientRect();
    const at = (one: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => [
      (one.clientX - box.left) * this.#ratio,
      (one.clientY - box.top) * this.#ratio,
    ];
    const [x, y] = at(event);
    const reach = HANDLE_REACH_PX * this.#ratio;
    if (!this.#handles(plane).some((handle) => Math.hypot(handle.x - x, handle.y - y) <= reach)) return undefined;
    const { state, volume } = this.#stage;
    const start = state.orientation.value;
    const { frame } = this;
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

  /** Where the plane that cuts the volume view meets this one. */
  #cut(plane: SlicePlane): CrossLine[] {
    const cut = this.#stage.state.volume.clipPlane.value;
    if (!cut) return [];
    const across = dot(cut.normal, this.frame.right);
    const downwards = dot(cut.normal, this.frame.down);
    const steep = across ** 2 + downwards ** 2;
    if (steep < 1e-6) return [];
    // The foot of the perpendicular from the plane's first pixel.
    const reach = dot(cut.normal, subtract(cut.point, plane.origin)) / steep;
    const foot = add(
      plane.origin,
      add(scale(this.frame.right, across * reach), scale(this.frame.down, downwards * reach)),
    );
    return crossLines(plane, foot, [-downwards, across], CUT_COLOR, 0);
  }

  /** The tool's box, else the clip box of the volume, where the slice cuts it. */
  #box(plane: SlicePlane, slice: number): OverlayMarks["box"] {
    const { toolBox, volume } = this.#stage.state;
    const box = toolBox.value ?? volume.clipBox.value;
    const { axis, aligned, normal } = this.frame;
    if (box && !aligned) {
      const corners = cutCorners(this.#stage.volume.grid, plane.origin, normal, box);
      return corners.length > 0 ? corners.map((corner) => lpsToPixel(plane, corner)) : undefined;
    }
    if (!box || slice < box.min[axis] || slice >= box.max[axis]) return undefined;
    const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
    const corner = (atU: number, atV: number): readonly [number, number] => {
      const ijk: [number, number, number] = [0, 0, 0];
      ijk[axis] = slice;
      ijk[u] = atU - 0.5;
      ijk[v] = atV - 0.5;
      return lpsToPixel(plane, this.#stage.volume.grid.toLps(ijk));
    };
    return [
      corner(box.min[u], box.min[v]),
      corner(box.max[u], box.min[v]),
      corner(box.max[u], box.max[v]),
      corner(box.min[u], box.max[v]),
    ];
  }

  #cursor(plane: SlicePlane): { x: number; y: number; radius: number; color: string } | undefined {
    const tool = this.#stage.state.toolCursor.value;
    const at = this.#settings.hover.value;
    if (!tool || !at) return undefined;
    const [x, y] = lpsToPixel(plane, at.lps);
    if (this.#hover.value)
      return { x: x + 0.5, y: y + 0.5, radius: tool.radiusMm / plane.mmPerPixel, color: tool.color };
    if (tool.shape !== "sphere") return undefined;
    const distance = Math.abs(
      dot([at.lps[0] - plane.origin[0], at.lps[1] - plane.origin[1], at.lps[2] - plane.origin[2]], this.frame.normal),
    );
    if (distance >= tool.radiusMm) return undefined;
    return {
      x: x + 0.5,
      y: y + 0.5,
      radius: Math.sqrt(tool.radiusMm ** 2 - distance ** 2) / plane.mmPerPixel,
      color: tool.color,
    };
  }

  /** Asks for the value and label under the pointer; the words come when the answer is there. */
  #lookUp(pick: PlanePick | undefined): void {
    const { port, volume, segments, state } = this.#stage;
    if (!pick) return;
    const ijk = pick.ijk.map((n, axis) =>
      Math.min(Math.max(Math.round(n), 0), volume.grid.dims[axis]! - 1),
    ) as unknown as IndexIjk;
    const label = port.labelAt(ijk);
    const name = label === 0 ? "" : (segments.value.find(({ value }) => value === label)?.name ?? `Label ${label}`);
    const key = `${ijk.join()}/${state.frame.value}`;
    if (key === this.#value.key) {
      this.#value = { ...this.#value, label: name };
      return;
    }
    this.#value = { key, text: this.#value.text, label: name };
    this.#probe?.abort();
    const probe = new AbortController();
    this.#probe = probe;
    port.valueAt(ijk, { signal: probe.signal }).then(
      (value) => {
        if (probe.signal.aborted) return;
        const text = value === undefined ? "" : formatValue(value, volume.description.unit);
        this.#value = { key, text, label: this.#value.label };
        this.invalidate();
      },
      () => undefined,
    );
  }

  #pointerPort(): ConstructorParameters<typeof SlicePointer>[1] {
    const { state } = this.#stage;
    const look = state.planes[this.name];
    const mmPerCssPx = (): number => this.#planeNow().mmPerPixel * this.#ratio;
    return {
      pick: (event) => this.pick(event),
      hover: (pick) => {
        this.#hover.value = pick;
        this.#settings.hover.value = pick;
      },
      step: (count) => this.step(count),
      pan: (dx, dy) => {
        const mm = mmPerCssPx();
        const { zoom, panMm } = look.value;
        look.value = { zoom, panMm: [panMm[0] - dx * mm, panMm[1] - dy * mm] };
      },
      zoomAt: (x, y, factor) => {
        const { zoom, panMm } = look.value;
        const next = Math.min(Math.max(zoom * factor, ZOOM_RANGE.min), ZOOM_RANGE.max);
        const mm = mmPerCssPx();
        const { width, height } = this.#target.canvas;
        const shrink = mm * (1 - zoom / next);
        const dx = x - width / this.#ratio / 2;
        const dy = y - height / this.#ratio / 2;
        look.value = { zoom: next, panMm: [panMm[0] + dx * shrink, panMm[1] + dy * shrink] };
      },
      windowBy: (dx, dy) => {
        const { center, width } = state.window.value;
        // The whole width is about 500 pixels of drag, at any scale of values.
        const unit = Math.max(width, state.volume.automatic.value.width / 20) / 500;
        setWindow(state, {
          center: center + dy * unit,
          width: Math.max(width + dx * unit * 2, state.volume.automatic.value.width * 1e-4),
        });
      },
      crosshairTo: (pick) => {
        const { grid } = this.#stage.volume;
        if (!this.frame.aligned) {
          this.#moveCrosshair(pick.lps);
          return;
        }
        const ijk = pick.ijk.map((n, axis) => Math.min(Math.max(n, 0), grid.dims[axis]! - 1)) as [
          number,
          number,
          number,
        ];
        ijk[this.frame.axis] = this.#slice();
        state.crosshair.value = grid.toLps(ijk);
      },
      maximise: () => this.maximise.emit(),
      grab: (event) => this.#grab(event),
      handler: () => this.#settings.handler,
      leftDrag: () => this.#settings.leftDrag,
    };
  }
}

/** What a thick slice shows; empty for a thin one. */
function slabText({ mode, thicknessMm }: SlabLook): string {
  return mode === "none" ? "" : `${{ mip: "MIP", minip: "MinIP", mean: "Mean" }[mode]} ${formatMm(thicknessMm)}`;
}

/** Where a slice lies along its normal, with the letter of the side it is on. */
function formatPosition(offsetMm: number, frame: PlaneFrame): string {
  const sign = Math.sign(offsetMm) || 1;
  const { normal } = frame;
  const letters = directionLetters([normal[0] * sign, normal[1] * sign, normal[2] * sign]);
  return `${letters} ${formatMm(Math.abs(offsetMm))}`;
}
