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
/** Room for the letters at the edge. */
const MARGIN_PX = 34;
/** Between two bars, for the words of both. */
const GAP_PX = 44;

/** Draws colour bars below one another in the middle of the right edge, the greatest value on top. */
export function drawColorBars(paint: CanvasRenderingContext2D, bars: readonly ColorBar[], ratio: number): void {
  const { width, height } = paint.canvas;
  const w = Math.round(WIDTH_PX * ratio);
  const gap = Math.round(GAP_PX * ratio);
  const room = (height * ALL_SHARE - gap * (bars.length - 1)) / bars.length;
  const h = Math.round(Math.max(Math.min(height * HEIGHT_SHARE, room), 8 * ratio));
  const left = Math.round(width - MARGIN_PX * ratio - w);
  const first = Math.round((height - h * bars.length - gap * (bars.length - 1)) / 2);
  for (const [n, bar] of bars.entries()) drawBar(paint, bar, { left, top: first + n * (h + gap), w, h }, ratio);
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly w: number;
  readonly h: number;
}

function drawBar(paint: CanvasRenderingContext2D, bar: ColorBar, { left, top, w, h }: Place, ratio: number): void {
  for (let y = 0; y < h; y++) {
    const up = Math.round((1 - y / Math.max(h - 1, 1)) * 255);
    const n = (bar.invert ? 255 - up : up) * 4;
    paint.fillStyle = `rgb(${bar.colors[n]} ${bar.colors[n + 1]} ${bar.colors[n + 2]})`;
    paint.fillRect(left, top + y, w, 1);
  }
  paint.strokeStyle = "rgb(0 0 0 / 70%)";
  paint.lineWidth = ratio;
  paint.strokeRect(left - 0.5 * ratio, top - 0.5 * ratio, w + ratio, h + ratio);
  paint.font = `${11 * ratio}px system-ui, sans-serif`;
  paint.textAlign = "right";
  paint.fillStyle = "#f0f2f5";
  paint.shadowColor = "#000";
  paint.shadowBlur = 3 * ratio;
  paint.fillText(bar.high, left + w, top - 5 * ratio);
  paint.fillText(bar.low, left + w, top + h + 13 * ratio);
  if (bar.title !== "") paint.fillText(bar.title, left + w, top - 18 * ratio);
  paint.shadowBlur = 0;
}
