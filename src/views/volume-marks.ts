import type { RayCamera } from "#gpu";
import type { ImageGrid, IndexBox, IndexIjk, PointLps } from "#volume";
import { Matrix4 } from "three";
import { cutCorners } from "./cut-corners.ts";
import { alphaOf, type LinePiece, type Place, type VolumeLine } from "./line-sight.ts";
import { measurementLines } from "./measurement-marks.ts";
import { shownPlanes } from "./shown-planes.ts";
import { BOX_COLOR, CUT_COLOR, PLANE_COLORS } from "./slice-overlay.ts";
import type { ViewState } from "./view-state.ts";

type Paint = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

interface Outline extends VolumeLine {
  readonly color: string;
  readonly dashed: boolean;
}

/** Every line and mark over the volume that may lie behind something: measurements, outlines, and the crosshair. */
export function volumeLines(grid: ImageGrid, state: ViewState): VolumeLine[] {
  const measurements = measurementLines(state.measurements.value, state.frame.value);
  return [crosshairMark(state), ...measurements, ...outlines(grid, state)];
}

/** Everything drawn over the volume that is no text or measurement: outlines of planes, clip box and cut, and the crosshair. */
export function drawVolumeMarks(
  paint: Paint,
  ratio: number,
  grid: ImageGrid,
  state: ViewState,
  piecesOf: (line: VolumeLine) => LinePiece[],
): void {
  paint.save();
  for (const line of outlines(grid, state)) {
    for (const { points, clear } of piecesOf(line)) {
      paint.beginPath();
      for (const [x, y] of points) paint.lineTo(x, y);
      paint.globalAlpha = alphaOf(clear, "line");
      stroke(paint, line.color, line.dashed ? [6 * ratio, 4 * ratio] : [], ratio);
    }
  }
  for (const { points, clear } of piecesOf(crosshairMark(state))) {
    paint.beginPath();
    paint.arc(points[0]![0], points[0]![1], 4.5 * ratio, 0, Math.PI * 2);
    paint.globalAlpha = alphaOf(clear, "line");
    stroke(paint, "#ffffff", [], ratio);
  }
  paint.restore();
}

function crosshairMark(state: ViewState): VolumeLine {
  return { key: "crosshair", points: [state.crosshair.value] };
}

function outlines(grid: ImageGrid, state: ViewState): Outline[] {
  const found: Outline[] = [];
  const add = (key: string, corners: readonly PointLps[], color: string, dashed: boolean): void => {
    if (corners.length > 0) found.push({ key, points: [...corners, corners[0]!], color, dashed });
  };
  const { planes, clipBox, clipPlane } = state.volume;
  if (planes.value) {
    for (const { name, point, normal } of shownPlanes(grid, state))
      add(`plane/${name}`, cutCorners(grid, point, normal), PLANE_COLORS[name], false);
  }
  const box = clipBox.value;
  if (box) {
    for (const axis of [0, 1, 2] as const) {
      for (const side of ["min", "max"] as const) {
        const corners = faceCorners(grid, axis, box[side][axis] - 0.5, box);
        add(`box/${axis}/${side}`, corners, BOX_COLOR, true);
      }
    }
  }
  const cut = clipPlane.value;
  if (cut) add("cut", cutCorners(grid, cut.point, cut.normal), CUT_COLOR, true);
  return found;
}

/** A line with a dark rim, so that it is seen on bright tissue. */
function stroke(paint: Paint, color: string, dash: readonly number[], ratio: number): void {
  paint.setLineDash([]);
  paint.strokeStyle = "rgb(0 0 0 / 55%)";
  paint.lineWidth = 3 * ratio;
  paint.stroke();
  paint.setLineDash([...dash]);
  paint.strokeStyle = color;
  paint.lineWidth = 1.25 * ratio;
  paint.stroke();
  paint.setLineDash([]);
}

/** From LPS to pixels; undefined behind the eye. */
export function projection(camera: RayCamera, width: number, height: number): Place {
  const m = new Matrix4().fromArray(camera.clipToLps as number[]).invert().elements;
  return ([x, y, z]) => {
    const row = (n: number): number => m[n]! * x + m[4 + n]! * y + m[8 + n]! * z + m[12 + n]!;
    const w = row(3);
    if (w <= 1e-6) return undefined;
    return [((row(0) / w + 1) / 2) * width, ((1 - row(1) / w) / 2) * height];
  };
}

/** Corners of a face of a box, in order round it. */
function faceCorners(grid: ImageGrid, axis: 0 | 1 | 2, at: number, { min: low, max: high }: IndexBox): PointLps[] {
  const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const corner = (atU: number, atV: number): PointLps => {
    const ijk: [number, number, number] = [0, 0, 0];
    ijk[axis] = at;
    ijk[u] = atU - 0.5;
    ijk[v] = atV - 0.5;
    return grid.toLps(ijk as IndexIjk);
  };
  return [corner(low[u], low[v]), corner(high[u], low[v]), corner(high[u], high[v]), corner(low[u], high[v])];
}
