import type { SlicePlane } from "#gpu";
import { lpsToPixel } from "#gpu";
import type { PointLps } from "#volume";
import { drawMeasurements } from "./draw-measurements.ts";
import type { PlacedMark } from "./measurement-marks.ts";
import { type ColorBar, drawColorBars } from "./color-bar.ts";
import type { Handle } from "./crosshair-handles.ts";
import { element, setText } from "./dom.ts";
import { FULL_RESOLUTION } from "./slice-status.ts";
import { formatRoundMm, scaleBarMm } from "./format-value.ts";
import type { PictureBox } from "./picture-box.ts";

/** Colour of each plane's frame and of its line on the other planes. */
export const PLANE_COLORS = { axial: "#d9696a", coronal: "#63b57f", sagittal: "#5f9fe0" } as const;

/** A box that a tool works in, or that clips the volume. */
export const BOX_COLOR = "#e8c268";
/** The plane that cuts the volume. */
export const CUT_COLOR = "#c79bea";

/** A line of the crosshair. */
export interface CrossLine {
  readonly color: string;
  /** Device pixels. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Everything drawn over a plane that is no text. Lengths in device pixels. */
export interface OverlayMarks {
  /** Corners of the part that is not there yet, covered so that nothing made up is seen. */
  readonly missing: readonly (readonly [number, number])[] | undefined;
  readonly lines: readonly CrossLine[];
  /** Colours by value, at the right edge. */
  readonly bars: readonly ColorBar[];
  /** Grips that turn other planes. */
  readonly handles: readonly Handle[];
  /** Corners of a box that is being set up, in order round it. */
  readonly box: readonly (readonly [number, number])[] | undefined;
  readonly cursor:
    | { readonly x: number; readonly y: number; readonly radius: number; readonly color: string }
    | undefined;
  readonly measurements: readonly PlacedMark[];
  readonly mmPerPixel: number;
  readonly pixelRatio: number;
}

/** The words in the corners and the letters at the edges of a plane. */
export interface OverlayTexts {
  readonly title: string;
  readonly slice: string;
  readonly position: string;
  /** What a thick slice shows; empty for a thin one. */
  readonly slab: string;
  /** How far the plane is turned; empty when it is straight. */
  readonly angle: string;
  readonly window: string;
  readonly zoom: string;
  /** Level and what is under way; empty when full resolution is shown whole. */
  readonly state: string;
  /** Value, place and label under the pointer; empty when it is elsewhere. */
  readonly value: string;
  /** Values of the volumes over this one, a line for each. */
  readonly overlays: string;
  readonly label: string;
  readonly index: string;
  readonly lps: string;
}

/** Crosshair, brush circle, scale bar and words over a plane. */
export class SliceOverlay {
  readonly root: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #texts: Readonly<Record<keyof OverlayTexts | "left" | "right" | "top" | "bottom" | "bar", HTMLElement>>;
  readonly #barLine: HTMLElement;
  readonly #corners: Readonly<Record<"topLeft" | "topRight" | "bottomLeft" | "bottomRight", HTMLElement>>;
  /** What the canvas shows, and the words that it kept off. */
  #drawn: { readonly marks: OverlayMarks; readonly words: Words } | undefined;

  constructor(parent: HTMLElement, color: string) {
    this.root = element("div", "vw-overlay", parent);
    this.#canvas = element("canvas", "vw-marks", this.root);
    const corner = (place: string, parentOf = this.root): HTMLElement =>
      element("div", `vw-corner vw-${place}`, parentOf);
    const topLeft = corner("top-left");
    const topRight = corner("top-right");
    // The words below make room for one another.
    const below = element("div", "vw-below", this.root);
    const bottomLeft = corner("bottom-left", below);
    const line = (parentOf: HTMLElement, name: string): HTMLElement => {
      const made = element("div", `vw-line vw-line-${name}`, parentOf);
      made.dataset["overlay"] = name;
      return made;
    };
    const edge = (side: string, parentOf = this.root): HTMLElement =>
      element("div", `vw-letter vw-letter-${side}`, parentOf);
    const bottom = edge("bottom", below);
    const bottomRight = corner("bottom-right", below);
    this.#corners = { topLeft, topRight, bottomLeft, bottomRight };
    const title = line(topLeft, "title");
    title.style.color = color;
    const bar = element("div", "vw-bar", bottomRight);
    this.#barLine = element("div", "vw-bar-line", bar);
    this.#texts = {
      title,
      slice: line(topLeft, "slice"),
      position: line(topLeft, "position"),
      slab: line(topLeft, "slab"),
      angle: line(topLeft, "angle"),
      state: line(topRight, "state"),
      value: line(bottomLeft, "value"),
      overlays: line(bottomLeft, "overlays"),
      label: line(bottomLeft, "label"),
      index: line(bottomLeft, "index"),
      lps: line(bottomLeft, "lps"),
      window: line(bottomRight, "window"),
      zoom: line(bottomRight, "zoom"),
      left: edge("left"),
      right: edge("right"),
      top: edge("top"),
      bottom,
      bar: element("span", "vw-bar-text", bar),
    };
    bottomRight.append(bar);
  }

  setLetters(letters: { left: string; right: string; top: string; bottom: string }): void {
    for (const side of ["left", "right", "top", "bottom"] as const) setText(this.#texts[side], letters[side]);
  }

  setTexts(texts: OverlayTexts): void {
    for (const name of Object.keys(texts) as (keyof OverlayTexts)[]) setText(this.#texts[name], texts[name]);
    // Full resolution is how it should be; anything less draws the eye.
    this.#texts.state.classList.toggle("vw-quiet", texts.state === FULL_RESOLUTION);
  }

  /** Draws lines and cursor on a canvas of the view's size in device pixels. */
  draw(width: number, height: number, marks: OverlayMarks): void {
    const canvas = this.#canvas;
    const resized = canvas.width !== width || canvas.height !== height;
    if (resized) {
      canvas.width = width;
      canvas.height = height;
    }
    const ratio = marks.pixelRatio;
    const mmPerCssPx = marks.mmPerPixel * ratio;
    const mm = scaleBarMm(mmPerCssPx, Math.min(width / ratio / 4, 140));
    this.#barLine.style.width = `${Math.round(mm / mmPerCssPx)}px`;
    setText(this.#texts.bar, formatRoundMm(mm));
    // While slices are scrolled through, lines stay where they are: painting them again would cost as much as the slice.
    const words = this.#words(ratio, marks);
    if (!resized && this.#drawn && sameMarks(this.#drawn, { marks, words })) return;
    const paint = canvas.getContext("2d");
    if (!paint) return;
    this.#drawn = { marks, words };
    paint.clearRect(0, 0, width, height);
    paint.lineWidth = Math.max(1, Math.round(ratio));
    if (marks.missing) coverMissing(paint, marks.missing, ratio);
    const half = paint.lineWidth % 2 === 1 ? 0.5 : 0;
    const snap = (value: number): number => Math.floor(value) + half;
    for (const { color, from, to } of marks.lines) {
      paint.strokeStyle = color;
      paint.globalAlpha = 0.75;
      const straight = from[0] === to[0] || from[1] === to[1];
      paint.beginPath();
      paint.moveTo(straight ? snap(from[0]) : from[0], straight ? snap(from[1]) : from[1]);
      paint.lineTo(straight ? snap(to[0]) : to[0], straight ? snap(to[1]) : to[1]);
      paint.stroke();
    }
    paint.globalAlpha = 1;
    const bars = drawColorBars(paint, marks.bars, ratio, words.corners);
    for (const handle of marks.handles) drawHandle(paint, handle, ratio);
    if (marks.box) drawBox(paint, marks.box, ratio);
    drawMeasurements(paint, marks.measurements, ratio, [...words.corners, ...words.letters, ...bars]);
    if (marks.cursor) drawCursor(paint, marks.cursor, ratio);
  }

  /** Where words stand. Asking costs layout, so it is done only for what keeps off them. */
  #words(ratio: number, { bars, measurements }: OverlayMarks): Words {
    if (bars.length === 0 && measurements.length === 0) return { corners: [], letters: [] };
    const { left, top } = this.root.getBoundingClientRect();
    // In steps, so that a digit more or less paints nothing anew.
    const down = (px: number): number => Math.floor(px / WORDS_STEP_PX) * WORDS_STEP_PX * ratio;
    const up = (px: number): number => Math.ceil(px / WORDS_STEP_PX) * WORDS_STEP_PX * ratio;
    const boxes = (elements: readonly HTMLElement[]): PictureBox[] =>
      elements
        .map((one) => one.getBoundingClientRect())
        .filter(({ width, height }) => width > 0 && height > 0)
        .map((rect) => {
          const [x, y] = [down(rect.left - left), down(rect.top - top)];
          return { x, y, width: up(rect.right - left) - x, height: up(rect.bottom - top) - y };
        });
    const { left: l, right, top: t, bottom } = this.#texts;
    return { corners: boxes(Object.values(this.#corners)), letters: boxes([l, right, t, bottom]) };
  }
}

const WORDS_STEP_PX = 8;

/** Boxes of the words over a plane, device pixels. */
interface Words {
  readonly corners: readonly PictureBox[];
  readonly letters: readonly PictureBox[];
}

/** Below this many pixels or millimetres marks are the same: what is smaller comes and goes with rounding. */
const SAME = 1e-6;

/** Whether two values of marks look the same. */
function sameMarks(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) < SAME;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let n = 0; n < a.length; n++) if (!sameMarks(a[n], b[n])) return false;
    return true;
  }
  // Tables of colours are told apart by the array.
  if (ArrayBuffer.isView(a)) return false;
  for (const key in a) {
    if (!sameMarks((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  for (const key in b) if (!(key in a)) return false;
  return true;
}

function drawHandle(paint: CanvasRenderingContext2D, { x, y, color }: Handle, ratio: number): void {
  paint.beginPath();
  paint.arc(x, y, 4.5 * ratio, 0, Math.PI * 2);
  paint.fillStyle = "#0b0d10";
  paint.fill();
  paint.strokeStyle = color;
  paint.lineWidth = 2 * ratio;
  paint.stroke();
}

/** A box with handles at its corners; sides can be dragged too. */
function drawBox(paint: CanvasRenderingContext2D, corners: NonNullable<OverlayMarks["box"]>, ratio: number): void {
  paint.beginPath();
  for (const [x, y] of corners) paint.lineTo(x + 0.5, y + 0.5);
  paint.closePath();
  // A dark rim keeps the line visible on bright tissue.
  paint.strokeStyle = "rgb(0 0 0 / 65%)";
  paint.lineWidth = 3 * ratio;
  paint.stroke();
  paint.strokeStyle = BOX_COLOR;
  paint.lineWidth = 1.25 * ratio;
  paint.setLineDash([6 * ratio, 4 * ratio]);
  paint.stroke();
  paint.setLineDash([]);
  paint.fillStyle = BOX_COLOR;
  const half = 3 * ratio;
  for (const [x, y] of corners) paint.fillRect(x + 0.5 - half, y + 0.5 - half, 2 * half, 2 * half);
}

function drawCursor(paint: CanvasRenderingContext2D, cursor: NonNullable<OverlayMarks["cursor"]>, ratio: number): void {
  const radius = Math.max(cursor.radius, 1.5 * ratio);
  paint.beginPath();
  paint.arc(cursor.x, cursor.y, radius, 0, Math.PI * 2);
  // A dark rim keeps the circle visible on bright tissue.
  paint.strokeStyle = "rgb(0 0 0 / 65%)";
  paint.lineWidth = 3 * ratio;
  paint.stroke();
  paint.strokeStyle = cursor.color;
  paint.lineWidth = 1.5 * ratio;
  paint.stroke();
  paint.fillStyle = cursor.color;
  paint.beginPath();
  paint.arc(cursor.x, cursor.y, 1.25 * ratio, 0, Math.PI * 2);
  paint.fill();
}

/** A crosshair line through a point along a direction of the screen, with a gap around the point. */
export function crossLines(
  plane: SlicePlane,
  point: PointLps,
  along: readonly [number, number],
  color: string,
  gap: number,
): CrossLine[] {
  const [x, y] = lpsToPixel(plane, point);
  const size = Math.hypot(along[0], along[1]);
  if (size === 0) return [];
  const d = [along[0] / size, along[1] / size] as const;
  const far = plane.width + plane.height + Math.abs(x) + Math.abs(y);
  // Axes of the picture stay exactly straight, so that lines are crisp.
  const flat = d.map((value) => (Math.abs(value) < 1e-6 ? 0 : value)) as unknown as readonly [number, number];
  const px = x + 0.5;
  const py = y + 0.5;
  return [
    { color, from: [px + flat[0] * gap, py + flat[1] * gap], to: [px + flat[0] * far, py + flat[1] * far] },
    { color, from: [px - flat[0] * gap, py - flat[1] * gap], to: [px - flat[0] * far, py - flat[1] * far] },
  ];
}

/** Hatches the part of a plane whose slices are still to come. */
function coverMissing(
  paint: CanvasRenderingContext2D,
  corners: readonly (readonly [number, number])[],
  ratio: number,
): void {
  paint.save();
  paint.beginPath();
  for (const [x, y] of corners) paint.lineTo(x + 0.5, y + 0.5);
  paint.closePath();
  paint.fillStyle = "#0b0d10";
  paint.fill();
  paint.clip();
  paint.strokeStyle = "#2b3038";
  const { width, height } = paint.canvas;
  const step = 12 * ratio;
  paint.beginPath();
  for (let x = -height; x < width; x += step) {
    paint.moveTo(x, height);
    paint.lineTo(x + height, 0);
  }
  paint.stroke();
  paint.restore();
}
