import type { Vec3 } from "#base";
import type { RayCamera } from "#gpu";
import type { ImageGrid, PointLps } from "#volume";
import { drawMeasurements } from "./draw-measurements.ts";
import type { VolumeLine } from "./line-sight.ts";
import { marksInVolume } from "./measurement-marks.ts";
import { drawVolumeMarks, projection } from "./volume-marks.ts";
import type { VolumeSight } from "./volume-sight.ts";
import type { ViewState } from "./view-state.ts";

const DIRECTIONS: readonly { readonly letter: string; readonly along: Vec3; readonly color: string }[] = [
  { letter: "L", along: [1, 0, 0], color: "#5f9fe0" },
  { letter: "P", along: [0, 1, 0], color: "#63b57f" },
  { letter: "S", along: [0, 0, 1], color: "#d9696a" },
];

/** Size of lines and words over a picture, in those of a view's CSS pixels. */
export function overlayRatio(width: number, height: number): number {
  return Math.max(Math.min(width, height) / 480, 0.5);
}

/** What lies over a picture of the volume: marks, the name of what is shown, and where left, posterior and superior are. */
export function drawPictureOverlay(
  paint: OffscreenCanvasRenderingContext2D,
  camera: RayCamera,
  grid: ImageGrid,
  state: ViewState,
  title: string,
  sight: VolumeSight,
): void {
  const { width, height } = paint.canvas;
  const ratio = overlayRatio(width, height);
  const place = projection(camera, width, height);
  const piecesOf = (line: VolumeLine) => sight.pieces(line, place);
  drawVolumeMarks(paint, ratio, grid, state, piecesOf);
  drawMeasurements(paint, marksInVolume(state.measurements.value, state.frame.value, place, piecesOf), ratio);
  paint.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  const write = (text: string, x: number, y: number, color: string): void => {
    paint.strokeStyle = "rgb(0 0 0 / 80%)";
    paint.lineWidth = 3 * ratio;
    paint.lineJoin = "round";
    paint.strokeText(text, x, y);
    paint.fillStyle = color;
    paint.fillText(text, x, y);
  };
  paint.textBaseline = "top";
  write(title, 10 * ratio, 8 * ratio, "#e3e7ec");
  // A triad at the corner, as the directions look from here.
  const center = grid.centerLps;
  const from = place(center);
  if (!from) return;
  const corner = [38 * ratio, height - 38 * ratio] as const;
  paint.textBaseline = "middle";
  paint.textAlign = "center";
  const ends = DIRECTIONS.map(({ along }) => {
    const to = place(center.map((v, axis) => v + along[axis]!) as unknown as PointLps) ?? from;
    return [to[0] - from[0], to[1] - from[1]] as const;
  });
  const longest = Math.max(...ends.map(([x, y]) => Math.hypot(x, y)), 1e-9);
  for (const [n, { letter, color }] of DIRECTIONS.entries()) {
    const [x, y] = ends[n]!.map((v) => (v / longest) * 22 * ratio) as [number, number];
    paint.beginPath();
    paint.moveTo(corner[0], corner[1]);
    paint.lineTo(corner[0] + x, corner[1] + y);
    paint.strokeStyle = color;
    paint.lineWidth = 2 * ratio;
    paint.stroke();
    write(letter, corner[0] + x * 1.4, corner[1] + y * 1.4, color);
  }
  paint.textAlign = "start";
}
