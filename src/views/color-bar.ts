/** Which colour means which value: a table with the values of its ends. */
export interface ColorBar {
  /** 256 colours, rgba. */
  readonly colors: Uint8Array<ArrayBuffer>;
  readonly invert: boolean;
  readonly low: string;
  readonly high: string;
}

const WIDTH_PX = 8;
/** Share of the view's height. */
const HEIGHT_SHARE = 0.34;
const MARGIN_PX = 22;

/** Draws a colour bar in the middle of the right edge, the greatest value on top. */
export function drawColorBar(paint: CanvasRenderingContext2D, bar: ColorBar, ratio: number): void {
  const { width, height } = paint.canvas;
  const w = Math.round(WIDTH_PX * ratio);
  const h = Math.round(height * HEIGHT_SHARE);
  const left = Math.round(width - MARGIN_PX * ratio - w);
  const top = Math.round((height - h) / 2);
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
  paint.shadowBlur = 0;
}
