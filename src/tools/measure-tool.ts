import { add, cross, dot, length, scale, subtract, type Vec3 } from "#base";
import {
  handlesOf,
  hasArea,
  MEASUREMENT_POINTS,
  MOST_PATH_POINTS,
  type Measurement,
  type MeasurementKind,
  type MeasurementPlane,
  movedHandle,
  outlineOf,
} from "#labelmap";
import { type ImageGrid, type PointLps, slicesOffPlane } from "#volume";
import type { PlanePick, PointerTool } from "./pointer-tool.ts";

/** A measurement that is being drawn, or with an `id` one that is being dragged. */
export interface MeasurementDraft {
  readonly id?: number;
  readonly kind: MeasurementKind;
  readonly points: readonly PointLps[];
  readonly plane?: MeasurementPlane;
}

/** What measuring by pointer needs of the session. */
export interface MeasurePort {
  grid(): ImageGrid;
  /** The kind to draw; undefined where the tool only moves what there is. */
  kind(): MeasurementKind | undefined;
  /** Those that can be seen, the topmost last. */
  measurements(): readonly Measurement[];
  /** Shows what is being drawn or dragged; undefined takes it away. */
  draft(draft: MeasurementDraft | undefined): void;
  /** False once something else took the draft away. */
  drafting(): boolean;
  select(id: number | undefined): void;
  /** Keeps it as one step: a new one, or one with an `id` as it lies now. */
  keep(draft: MeasurementDraft): void;
}

/** How near the pointer must come to a handle and to a line, CSS pixels. */
const HANDLE_PX = 8;
const LINE_PX = 5;
/** A pointer that moved less than this was clicked, not dragged. */
const DRAG_PX = 4;

/** What of a measurement the pointer is at: a handle, or with −1 the whole. */
interface Grip {
  readonly measurement: Measurement;
  readonly handle: number;
}

type Work =
  | { readonly kind: "drag"; readonly grip: Grip; readonly from: PlanePick; draft: MeasurementDraft | undefined }
  /** `fixed` points are set; the last one follows the pointer. `pressed` is where the button went down, while it is. */
  | {
      readonly kind: "draw";
      readonly what: MeasurementKind;
      readonly plane: MeasurementPlane;
      fixed: PointLps[];
      floating: PointLps;
      pressed: PlanePick | undefined;
    };

/**
 * Draws measurements, by clicks or by drags, and moves them by their handles and lines. Points lie where the pointer was in the
 * patient, so that a distance or an angle may go from plane to plane; a rectangle or an ellipse stays in the plane it was begun in.
 */
export class MeasureTool implements PointerTool {
  readonly #port: MeasurePort;
  #work: Work | undefined;

  constructor(port: MeasurePort) {
    this.#port = port;
  }

  /** Everything while there is a kind to draw, else what can be grabbed. */
  takes(pick: PlanePick): boolean {
    return this.#port.kind() !== undefined || this.grabs(pick);
  }

  /** Whether the pointer would move something that is there. */
  grabs(pick: PlanePick): boolean {
    return this.#live()?.kind !== "draw" && this.#gripAt(pick) !== undefined;
  }

  down(pick: PlanePick): void {
    const work = this.#live();
    if (work?.kind === "draw") {
      if (!this.#placeOf(work, pick)) return;
      work.pressed = pick;
      this.#float(work, pick);
      return;
    }
    const grip = this.#gripAt(pick);
    if (grip) {
      this.#port.select(grip.measurement.id);
      this.#work = { kind: "drag", grip, from: pick, draft: undefined };
      return;
    }
    const what = this.#port.kind();
    if (what === undefined) return;
    this.#port.select(undefined);
    const plane = { right: pick.plane.right, down: pick.plane.down };
    this.#work = { kind: "draw", what, plane, fixed: [], floating: pick.lps, pressed: pick };
    this.#show(this.#work);
  }

  move(picks: readonly PlanePick[]): void {
    const work = this.#live();
    const pick = picks.at(-1);
    if (!work || !pick) return;
    if (work.kind === "draw") this.#float(this.#begun(work, pick), pick);
    else if (work.draft || movedPx(work.from, pick) >= DRAG_PX) {
      work.draft = dragged(work.grip, subtract(pick.lps, work.from.lps));
      this.#port.draft(work.draft);
    }
  }

  /** The pointer moved with no button down. */
  hover(pick: PlanePick): void {
    const work = this.#live();
    if (work?.kind === "draw" && !work.pressed) this.#float(work, pick);
  }

  up(): void {
    const work = this.#live();
    if (work?.kind === "drag") {
      this.#work = undefined;
      if (work.draft) this.#port.keep(work.draft);
      return;
    }
    if (!work?.pressed) return;
    const place = work.floating;
    work.pressed = undefined;
    // A point on the one before is the second click of a double click, or a drag that came to nothing.
    const isThere = (point: PointLps): boolean => length(subtract(point, place)) < 1e-6;
    if (work.what === "path" && work.fixed.length >= MEASUREMENT_POINTS.path && isThere(work.fixed.at(-1)!)) {
      this.#work = undefined;
      this.#port.keep(drawn(work, work.fixed));
      return;
    }
    // A path may come back to where it was.
    if (work.what === "path" ? work.fixed.slice(-1).some(isThere) : work.fixed.some(isThere)) return;
    work.fixed.push(place);
    if (
      work.what === "path" ? work.fixed.length < MOST_PATH_POINTS : work.fixed.length < MEASUREMENT_POINTS[work.what]
    ) {
      this.#show(work);
      return;
    }
    const draft = drawn(work, work.fixed);
    // A rectangle without a width or a height is still being drawn.
    if (draft.plane && isFlat(draft.plane, work.fixed)) {
      work.fixed.pop();
      return;
    }
    this.#work = undefined;
    this.#port.keep(draft);
  }

  cancel(): void {
    this.#work = undefined;
    this.#port.draft(undefined);
  }

  /** The work under way, unless its draft was taken away from elsewhere (Escape). */
  #live(): Work | undefined {
    const work = this.#work;
    if (work && (work.kind === "draw" || work.draft) && !this.#port.drafting()) this.#work = undefined;
    return this.#work;
  }

  /** A drag from the first press sets the first point where it began. */
  #begun(work: Work & { kind: "draw" }, pick: PlanePick): Work & { kind: "draw" } {
    const probe = work.what === "probe";
    if (!probe && work.fixed.length === 0 && work.pressed && movedPx(work.pressed, pick) >= DRAG_PX) {
      work.fixed.push(work.pressed.lps);
    }
    return work;
  }

  #float(work: Work & { kind: "draw" }, pick: PlanePick): void {
    if (work.fixed.length === 0 && work.what !== "probe") return;
    const place = this.#placeOf(work, pick);
    if (!place) return;
    work.floating = place;
    this.#show(work);
  }

  /** Where the next point would be; undefined on a plane that the shape does not lie in. */
  #placeOf(work: Work & { kind: "draw" }, pick: PlanePick): PointLps | undefined {
    const [first] = work.fixed;
    return first && hasArea(work.what) ? onPlane(work.plane, first, pick) : pick.lps;
  }

  #show(work: Work & { kind: "draw" }): void {
    this.#port.draft(drawn(work, [...work.fixed, work.floating]));
  }

  #gripAt(pick: PlanePick): Grip | undefined {
    const plane = { ...pick.plane, origin: pick.lps };
    const grid = this.#port.grid();
    const onSlice = (point: PointLps): boolean => Math.abs(slicesOffPlane(grid, plane, point)) <= 0.5 + 1e-6;
    const flat = (point: PointLps): readonly [number, number] => {
      const from = subtract(point, pick.lps);
      return [dot(from, plane.right) / pick.mmPerPixel, dot(from, plane.down) / pick.mmPerPixel];
    };
    for (const measurement of this.#port.measurements().toReversed()) {
      const handles = handlesOf(measurement);
      const handle = handles.findIndex((point) => Math.hypot(...flat(point)) <= HANDLE_PX && onSlice(point));
      if (handle >= 0) return { measurement, handle };
      if (!measurement.points.every(onSlice)) continue;
      const outline = outlineOf(measurement).map(flat);
      const near = outline.some((to, n) => n > 0 && fromLine(outline[n - 1]!, to) <= LINE_PX);
      if (near) return { measurement, handle: -1 };
    }
    return undefined;
  }
}

function drawn(work: Work & { kind: "draw" }, points: readonly PointLps[]): MeasurementDraft {
  return { kind: work.what, points, ...(hasArea(work.what) ? { plane: work.plane } : {}) };
}

function dragged({ measurement, handle }: Grip, by: Vec3): MeasurementDraft {
  const { id, kind, plane } = measurement;
  const points = handle >= 0 ? movedHandle(measurement, handle, by) : measurement.points.map((point) => add(point, by));
  return { id, kind, points, ...(plane ? { plane } : {}) };
}

/** Where a pick lies on the plane through `first`; undefined on a plane that looks another way. */
function onPlane({ right, down }: MeasurementPlane, first: PointLps, pick: PlanePick): PointLps | undefined {
  const normal = cross(right, down);
  if (Math.abs(dot(normal, cross(pick.plane.right, pick.plane.down))) < 0.999) return undefined;
  return subtract(pick.lps, scale(normal, dot(subtract(pick.lps, first), normal)));
}

function isFlat({ right, down }: MeasurementPlane, [a, b]: readonly PointLps[]): boolean {
  const across = subtract(b!, a!);
  return Math.abs(dot(across, right)) < 1e-6 || Math.abs(dot(across, down)) < 1e-6;
}

function movedPx(a: PlanePick, b: PlanePick): number {
  return Math.hypot(b.screen.x - a.screen.x, b.screen.y - a.screen.y);
}

/** Distance of the origin from a line's piece. */
function fromLine(a: readonly [number, number], b: readonly [number, number]): number {
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const square = x * x + y * y;
  const t = square === 0 ? 0 : Math.min(Math.max(-(a[0] * x + a[1] * y) / square, 0), 1);
  return Math.hypot(a[0] + t * x, a[1] + t * y);
}
