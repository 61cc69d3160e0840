import { cross, type Disposable, dot, Emitter, scale, type Signal, signal, subtract } from "#base";
import {
  bricksOfStrips,
  curvedLevel,
  type CurvedPicture,
  curvedStrips,
  curvedToLps,
  type PictureStrip,
  wantsFor,
} from "#gpu";
import { finestMm, type IndexIjk } from "#volume";
import { type CurveInView, curveInView } from "./curve-columns.ts";
import type { CurveLook } from "./curve-look.ts";
import { dragWindow, pannedBy, zoomedAbout } from "./drag-look.ts";
import { FlatPicture } from "./flat-picture.ts";
import { formatLps, formatMm } from "./format-value.ts";
import { PointerValue } from "./pointer-value.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import type { CrossLine } from "./slice-overlay.ts";
import { colorBars } from "./slice-marks.ts";
import { voxelAt } from "./slice-layers.ts";
import { labelName, needLabels, sliceLook } from "./slice-look.ts";
import { ATLAS_SHARE, type PlaneNeeds } from "./slice-needs.ts";
import type { SlicePointerPort } from "./slice-pointer.ts";
import { sliceStatus, sliceStatusText } from "./slice-status.ts";
import type { PointerSettings } from "./slice-view.ts";
import { windowWords } from "./slice-words.ts";
import type { Stage } from "./stage.ts";
import type { PlanePick } from "./view-port.ts";

const COLOR = "#c79bea";
const TITLES = { straightened: "Straightened", curved: "Curved" } as const;

/** Degrees that one notch of the wheel turns the columns. */
const TURN_DEG = 5;

/** What a picture needs, worked out anew only when it changes. */
interface CurveNeeds extends PlaneNeeds {
  readonly picture: CurvedPicture;
  readonly frame: number;
  readonly strips: readonly PictureStrip[];
}

/** The volume along a path: canvas, overlay, pointer. The wheel turns it about the path; a click sets the crosshair. */
export class CurveView implements Disposable, Drawable {
  /** A double click asks for the whole room, or for the grid back. */
  readonly maximise = new Emitter<void>();
  readonly #stage: Stage;
  readonly #settings: PointerSettings;
  readonly #picture: FlatPicture;
  readonly #value: PointerValue;
  readonly #hover: Signal<PlanePick | undefined> = signal(undefined);
  #placed: { readonly key: string; readonly points: unknown; readonly place: CurveInView | undefined } | undefined;
  #needs: CurveNeeds | undefined;
  #ratio = 1;

  constructor(options: { parent: HTMLElement; stage: Stage; loop: RenderLoop; settings: PointerSettings }) {
    const { parent, stage, loop, settings } = options;
    this.#stage = stage;
    this.#settings = settings;
    this.#picture = new FlatPicture({ name: "curve", color: COLOR, parent, stage, loop, view: this });
    const redraw = (): void => this.invalidate();
    const { port, volume } = stage;
    this.#value = new PointerValue((ijk, abort) => port.valueAt(ijk, abort), volume.description.unit, redraw);
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
    this.#ratio = ratio;
    if (!this.#picture.resize(width, height)) this.#end();
  }

  /** Turns the columns about the path by notches of the wheel. */
  step(count: number): void {
    const look = this.#stage.state.curve.value;
    if (!look) return;
    const angle = look.angleDeg + count * TURN_DEG;
    this.#stage.state.curve.value = { ...look, angleDeg: angle - Math.round(angle / 360) * 360 };
  }

  draw(): boolean {
    const stage = this.#stage;
    const look = stage.state.curve.value;
    const place = this.#place();
    if (!stage.gpu.alive || !this.#picture.visible || !look || !place) return false;
    const needs = this.#need(place.picture);
    needLabels(stage, needs);
    const compiling = stage.slicePass.drawCompiled(this.#picture.target, {
      plane: needs.strips[0]!.plane,
      strips: needs.strips,
      level: needs.level,
      needed: needs.bricks,
      bricks: stage.bindings,
      labels: stage.labelBindings,
      look: sliceLook(stage, this.#ratio),
    });
    if (compiling) {
      void compiling.then(() => this.#picture.invalidate());
      return false;
    }
    this.#drawOverlay(look, place, needs);
    return false;
  }

  dispose(): void {
    this.#value.end();
    this.#end();
    this.#picture.dispose();
  }

  #end(): void {
    this.#stage.bricks.want("curve", []);
    this.#needs = undefined;
  }

  /** Reads every signal that the picture depends on, so that its effect runs on a change. */
  #track(): void {
    const { state, activeSegment, hoveredSegment } = this.#stage;
    for (const one of [
      state.curve,
      state.measurements,
      state.crosshair,
      state.window,
      state.invert,
      state.lut,
      state.interpolation,
      state.labelOpacity,
      state.labelOutline,
      state.labelsVisible,
      state.frame,
      activeSegment,
      hoveredSegment,
      this.#hover,
    ])
      void one.value;
  }

  /** The picture of now; undefined without a path. */
  #place(): CurveInView | undefined {
    const { state } = this.#stage;
    const look = state.curve.value;
    const points =
      look && state.measurements.value.find(({ measurement }) => measurement.id === look.path)?.measurement.points;
    if (!look || !points) return undefined;
    const { width, height } = this.#picture.target.canvas;
    const key = JSON.stringify([look, width, height]);
    if (this.#placed?.key !== key || this.#placed.points !== points)
      this.#placed = { key, points, place: curveInView(points, look, width, height) };
    return this.#placed.place;
  }

  #need(picture: CurvedPicture): CurveNeeds {
    const { bricks, state, volume } = this.#stage;
    const frame = state.frame.value;
    if (this.#needs?.picture === picture && this.#needs.frame === frame) return this.#needs;
    const ideal = curvedLevel(volume.grid, bricks.levels, picture);
    const room = Math.max(Math.floor(bricks.atlas.capacity * ATLAS_SHARE), 1);
    const at = (level: number) => {
      const strips = curvedStrips(volume.grid, bricks.levels[level]!, picture);
      return { level, strips, bricks: bricksOfStrips(strips) };
    };
    let found = at(ideal);
    while (found.bricks.length > room && found.level < bricks.levels.length - 1) found = at(found.level + 1);
    this.#needs = { picture, frame, ...found, limited: found.level > ideal, planes: [] };
    bricks.want("curve", wantsFor(bricks.levels, frame, found.level, found.bricks));
    return this.#needs;
  }

  #drawOverlay(look: CurveLook, place: CurveInView, needs: CurveNeeds): void {
    const stage = this.#stage;
    const { picture, lengthMm, fittedMmPerPixel, startMm } = place;
    const { columns, mmPerPixel, height } = picture;
    const hover = this.#hover.value;
    const show = hover?.inside ? hover : undefined;
    const voxel = show && voxelAt(stage.volume.grid, show.ijk);
    const mark = stage.state.measurements.value.find(({ measurement }) => measurement.id === look.path)!;
    const finest = finestMm(stage.volume.grid);
    const zoom = fittedMmPerPixel / mmPerPixel;
    const along = hover && startMm + (hover.screen.x * this.#ratio - 0.5) * mmPerPixel;
    const on = along !== undefined && along >= 0 && along <= lengthMm;
    this.#picture.overlay.setTexts({
      title: TITLES[look.mode],
      slice: mark.measurement.name,
      position: on ? `${formatMm(along, finest)} of ${formatMm(lengthMm, finest)}` : formatMm(lengthMm, finest),
      slab: "",
      angle: look.angleDeg === 0 ? "" : `turned ${look.angleDeg.toFixed(0)}°`,
      window: windowWords(stage),
      zoom: `${zoom.toFixed(zoom < 10 ? 2 : 0)}×`,
      state: sliceStatusText(sliceStatus(stage.bricks, needs, []), stage.bricks.failures, stage.labelBricks),
      value: voxel ? this.#value.look(voxel, needs.frame) : "",
      overlays: "",
      label: voxel ? labelName(stage, voxel) : "",
      index: show ? `ijk ${show.ijk.map((n) => Math.round(n)).join(" ")}` : "",
      lps: show ? formatLps(show.lps, finest) : "",
    });
    this.#picture.overlay.draw(columns.length, height, {
      missing: undefined,
      lines: [...this.#ends(place), ...this.#crosshair(picture)],
      bars: colorBars(stage).slice(0, stage.state.lut.value === "grey" ? 0 : 1),
      handles: [],
      box: undefined,
      cursor: undefined,
      measurements: [],
      mmPerPixel,
      pixelRatio: this.#ratio,
    });
  }

  /** Short lines where the path begins and ends. */
  #ends({ picture, startMm, lengthMm }: CurveInView): CrossLine[] {
    const half = 12 * this.#ratio;
    const y = picture.height / 2 - (this.#stage.state.curve.value?.panMm[1] ?? 0) / picture.mmPerPixel;
    return [0, lengthMm].map((mm) => {
      const x = (mm - startMm) / picture.mmPerPixel + 0.5;
      return { color: COLOR, from: [x, y - half], to: [x, y + half] };
    });
  }

  /** The crosshair, where it lies on the picture. */
  #crosshair(picture: CurvedPicture): CrossLine[] {
    const { state, volume } = this.#stage;
    const point = state.crosshair.value;
    const { columns, mmPerPixel, height } = picture;
    let best = Number.POSITIVE_INFINITY;
    let x = 0;
    let y = 0;
    columns.forEach((column, n) => {
      const from = subtract(point, column.point);
      const down = dot(from, column.down);
      const across = subtract(from, scale(column.down, down));
      const away = Math.hypot(...across);
      if (away >= best) return;
      best = away;
      x = n;
      y = down / mmPerPixel + (height - 1) / 2;
    });
    if (best > Math.max(...volume.grid.spacingMm) || y < 0 || y > height) return [];
    const [gap, far] = [6 * this.#ratio, 18 * this.#ratio];
    const [px, py] = [x + 0.5, y + 0.5];
    const line = (dx: number, dy: number): CrossLine => ({
      color: "#e3e7ec",
      from: [px + dx * gap, py + dy * gap],
      to: [px + dx * far, py + dy * far],
    });
    return [line(1, 0), line(-1, 0), line(0, 1), line(0, -1)];
  }

  #pick(event: { readonly clientX: number; readonly clientY: number }): PlanePick {
    const { grid } = this.#stage.volume;
    const box = this.root.getBoundingClientRect();
    const screen = { x: event.clientX - box.left, y: event.clientY - box.top };
    const picture = this.#place()?.picture;
    const lps = picture
      ? curvedToLps(picture, screen.x * this.#ratio - 0.5, screen.y * this.#ratio - 0.5)
      : this.#stage.state.crosshair.value;
    const ijk = grid.toIndex(lps);
    const column =
      picture?.columns[Math.min(Math.max(Math.round(screen.x * this.#ratio), 0), picture.columns.length - 1)];
    const { right, down } = column ?? { right: [1, 0, 0] as const, down: [0, 1, 0] as const };
    return {
      lps,
      ijk,
      axis: 2,
      slice: Math.round(ijk[2]),
      inside: picture !== undefined && grid.contains(ijk),
      screen,
      plane: { right, down },
      mmPerPixel: (picture?.mmPerPixel ?? 1) * this.#ratio,
      obliqueNormal: cross(right, down),
    };
  }

  #pointerPort(): SlicePointerPort {
    const { state } = this.#stage;
    const change = (next: (look: CurveLook, mmPerCssPx: number) => Partial<CurveLook>): void => {
      const look = state.curve.value;
      const picture = this.#place()?.picture;
      if (look && picture) state.curve.value = { ...look, ...next(look, picture.mmPerPixel * this.#ratio) };
    };
    return {
      pick: (event) => this.#pick(event),
      hover: (pick) => {
        this.#hover.value = pick;
      },
      step: (count) => this.step(count),
      pan: (dx, dy) => change((look, mm) => pannedBy(look, dx, dy, mm)),
      zoomAt: (x, y, factor) =>
        change((look, mm) => {
          const { width, height } = this.#picture.target.canvas;
          const fromMiddle = [x - width / this.#ratio / 2, y - height / this.#ratio / 2] as const;
          return zoomedAbout(look, factor, fromMiddle, mm);
        }),
      windowBy: (dx, dy) => dragWindow(state, dx, dy),
      crosshairTo: ({ ijk }) => {
        const { grid } = this.#stage.volume;
        const kept = ijk.map((n, axis) => Math.min(Math.max(n, 0), grid.dims[axis]! - 1)) as unknown as IndexIjk;
        state.crosshair.value = grid.toLps(kept);
      },
      press: () => undefined,
      maximise: () => this.maximise.emit(),
      grab: () => undefined,
      // Tools draw on planes: what a stroke over a bent picture would mean nobody could tell.
      handler: () => undefined,
      leftDrag: () => this.#settings.leftDrag,
    };
  }
}
