import type { RayCamera } from "#gpu";
import type { ImageGrid, IndexBox, IndexIjk, PointLps } from "#volume";
import { Matrix4 } from "three";
import { cutCorners } from "./cut-corners.ts";
import { shownPlanes } from "./shown-planes.ts";
import { BOX_COLOR, CUT_COLOR, PLANE_COLORS } from "./slice-overlay.ts";
import type { ViewState } from "./view-state.ts";

type Paint = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Everything drawn over the volume that is no text: outlines of planes, clip box and cut, and the crosshair. */
export function drawVolumeMarks(
  paint: Paint,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  camera: RayCamera,
  grid: ImageGrid,
  state: ViewState,
): void {
  const { ratio } = size;
  const project = projection(camera, size.width, size.height);
  const outline = (corners: readonly PointLps[], color: string, dash: readonly number[]): void => {
    const points = corners.map(project);
    if (points.length === 0 || points.some((point) => !point)) return;
    paint.beginPath();
    for (const point of points) paint.lineTo(point![0], point![1]);
    paint.closePath();
    stroke(paint, color, dash, ratio);
  };
  if (state.volume.planes.value) {
    for (const { name, point, normal } of shownPlanes(grid, state))
      outline(cutCorners(grid, point, normal), PLANE_COLORS[name], []);
  }
  const box = state.volume.clipBox.value;
  if (box) {
    for (const axis of [0, 1, 2] as const) {
      for (const at of [box.min[axis] - 0.5, box.max[axis] - 0.5])
        outline(faceCorners(grid, axis, at, box), BOX_COLOR, [6 * ratio, 4 * ratio]);
    }
  }
  const cut = state.volume.clipPlane.value;
  if (cut) outline(cutCorners(grid, cut.point, cut.normal), CUT_COLOR, [6 * ratio, 4 * ratio]);
  const middle = project(state.crosshair.value);
  if (!middle) return;
  paint.beginPath();
  paint.arc(middle[0], middle[1], 4.5 * ratio, 0, Math.PI * 2);
  stroke(paint, "#ffffff", [], ratio);
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
export function projection(
  camera: RayCamera,
  width: number,
  height: number,
): (point: PointLps) => readonly [number, number] | undefined {
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
