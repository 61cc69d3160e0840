import { overlap, type PictureBox } from "./picture-box.ts";

/** Which colour means which value: a table with the values of its ends. */
export interface ColorBar {
  /** 256 colours, rgba. */
  readonly colors: Uint8Array<ArrayBuffer>;
  readonly invert: boolean;
  /** Whose values they are; empty where there is one bar only. */
  readonly title: string;
  readonly low: string;
  readonly high: string;
}

const WIDTH_PX = 8;
/** Share of the view's height that one bar takes, and that all of them may take. */
const HEIGHT_SHARE = 0.34;
const ALL_SHARE = 0.6;
/** A bar that would be lower says too little of its colours. */
const LEAST_PX = 24;
/** Room for the letters at the edge. */
const MARGIN_PX = 34;
/** Between two bars, for the words of both. */
const GAP_PX = 46;
/** Words above a bar, with its title and without, and below it. */
const TITLED_PX = 30;
const HEAD_PX = 17;
const FOOT_PX = 16;

/**
 * Draws colour bars below one another at the right edge, the greatest value on top: in the middle of the picture, or as near to it as
 * words in its corners (`corners`, their boxes) leave room. The last bars are left out where there is no room for all. Gives the boxes of
 * what was drawn.
 */
export function drawColorBars(
  paint: CanvasRenderingContext2D,
  bars: readonly ColorBar[],
  ratio: number,
  corners: readonly PictureBox[] = [],
): PictureBox[] {
  if (bars.length === 0) return [];
  paint.save();
  paint.font = `${11 * ratio}px system-ui, sans-serif`;
  const { width, height } = paint.canvas;
  const [w, gap, foot] = [WIDTH_PX, GAP_PX, FOOT_PX].map((px) => Math.round(px * ratio)) as [number, number, number];
  const right = Math.round(width - MARGIN_PX * ratio);
  const wide = Math.max(w, ...bars.flatMap(wordsOf).map((text) => paint.measureText(text).width));
  const room = roomBetween(corners, right - wide, right, height);
  const head = Math.round(headPx(bars[0]!) * ratio);
  const heightOf = (count: number): number => {
    const all = Math.min(height * ALL_SHARE, room.bottom - room.top - head - foot);
    return Math.floor(Math.min(height * HEIGHT_SHARE, (all - gap * (count - 1)) / count));
  };
  let count = bars.length;
  while (count > 0 && heightOf(count) < LEAST_PX * ratio) count--;
  const h = heightOf(count);
  const total = h * count + gap * (count - 1);
  const middle = Math.round((height - total) / 2);
  const first = Math.max(Math.min(middle, Math.floor(room.bottom - foot - total)), Math.ceil(room.top + head));
  const boxes = bars
    .slice(0, count)
    .map((bar, n) => drawBar(paint, bar, { x: right - w, y: first + n * (h + gap), width: w, height: h }, ratio));
  paint.restore();
  return boxes;
}

function wordsOf({ high, low, title }: ColorBar): string[] {
  return [high, low, title];
}

function headPx({ title }: ColorBar): number {
  return title === "" ? HEAD_PX : TITLED_PX;
}

/** What boxes in the corners leave free, from top to bottom, of the columns from `left` to `right`. */
function roomBetween(
  corners: readonly PictureBox[],
  left: number,
  right: number,
  height: number,
): { readonly top: number; readonly bottom: number } {
  const column = { x: left, y: 0, width: right - left, height };
  const met = corners.filter((corner) => overlap(corner, column));
  const above = met.filter((corner) => corner.y + corner.height / 2 < height / 2);
  const below = met.filter((corner) => !above.includes(corner));
  return {
    top: Math.max(0, ...above.map((corner) => corner.y + corner.height)),
    bottom: Math.min(height, ...below.map((corner) => corner.y)),
  };
}

/** Gives the box of the bar and its words. */
function drawBar(paint: CanvasRenderingContext2D, bar: ColorBar, place: PictureBox, ratio: number): PictureBox {
  const { x: left, y: top, width: w, height: h } = place;
  for (let y = 0; y < h; y++) {
    const up = Math.round((1 - y / Math.max(h - 1, 1)) * 255);
    const n = (bar.invert ? 255 - up : up) * 4;
    paint.fillStyle = `rgb(${bar.colors[n]} ${bar.colors[n + 1]} ${bar.colors[n + 2]})`;
    paint.fillRect(left, top + y, w, 1);
  }
  paint.strokeStyle = "rgb(0 0 0 / 70%)";
  paint.lineWidth = ratio;
  paint.strokeRect(left - 0.5 * ratio, top - 0.5 * ratio, w + ratio, h + ratio);
  paint.textAlign = "right";
  paint.fillStyle = "#f0f2f5";
  paint.shadowColor = "#000";
  paint.shadowBlur = 3 * ratio;
  paint.fillText(bar.high, left + w, top - 5 * ratio);
  paint.fillText(bar.low, left + w, top + h + 13 * ratio);
  if (bar.title !== "") paint.fillText(bar.title, left + w, top - 18 * ratio);
  paint.shadowBlur = 0;
  const wide = Math.max(w, ...wordsOf(bar).map((text) => paint.measureText(text).width));
  const head = headPx(bar) * ratio;
  return { x: left + w - wide, y: top - head, width: wide, height: h + head + FOOT_PX * ratio };
}
