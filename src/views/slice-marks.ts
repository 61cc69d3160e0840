import { add, dot, scale, subtract } from "#base";
import { lpsToPixel, type SlicePlane } from "#gpu";
import type { VolumeDescription } from "#volume";
import type { ColorBar } from "./color-bar.ts";
import { type Handle, handlesOn } from "./crosshair-handles.ts";
import { cutCorners } from "./cut-corners.ts";
import { formatValue } from "./format-value.ts";
import { lutOf } from "./luts.ts";
import type { OverlayLook } from "./overlay-volume.ts";
import { planeFrame } from "./plane-frame.ts";
import type { PlaneInView } from "./plane-in-view.ts";
import { PLANE_NAMES, type PlaneName } from "./plane-name.ts";
import { type CrossLine, crossLines, CUT_COLOR, type OverlayMarks, PLANE_COLORS } from "./slice-overlay.ts";
import type { Stage } from "./stage.ts";
import type { PlanePick } from "./view-port.ts";

/** The lines of the two other planes through the crosshair. */
export function crosshairLines(stage: Stage, view: PlaneInView, plane: SlicePlane): CrossLine[] {
  const point = stage.state.crosshair.value;
  const gap = 10 * view.ratio;
  return othersOf(view).flatMap((name) => crossLines(plane, point, meets(stage, view, name), PLANE_COLORS[name], gap));
}

/** Grips on the other planes' lines. */
export function crosshairHandles(stage: Stage, view: PlaneInView, plane: SlicePlane): Handle[] {
  const [x, y] = lpsToPixel(plane, stage.state.crosshair.value);
  return othersOf(view).flatMap((name) =>
    handlesOn(name, PLANE_COLORS[name], [x + 0.5, y + 0.5], meets(stage, view, name), plane),
  );
}

function othersOf(view: PlaneInView): PlaneName[] {
  return PLANE_NAMES.filter((name) => name !== view.name);
}

/** Direction on screen, right and down, of the line where another plane meets this one. */
function meets({ volume, state }: Stage, { frame }: PlaneInView, name: PlaneName): readonly [number, number] {
  // At right angles to both normals.
  const n = planeFrame(volume.grid, name, state.orientation.value).normal;
  return [dot(n, frame.down), -dot(n, frame.right)];
}

/** The colours of each volume's window, where they are no greys. */
export function colorBars(stage: Stage): ColorBar[] {
  const { state, volume, overlays } = stage;
  const own = { lut: state.lut.value, invert: state.invert.value, window: state.window.value };
  const shown = overlays.value.filter((overlay) => overlay.volume.look.value.visible);
  const bars = [
    colorBar(volume.description, own, ""),
    ...shown.map((overlay) =>
      colorBar(overlay.volume.description, overlay.volume.look.value, stage.overlayName(overlay)),
    ),
  ];
  return bars.filter((bar) => bar !== undefined);
}

function colorBar(
  { unit }: VolumeDescription,
  { lut, invert, window: { center, width } }: Pick<OverlayLook, "lut" | "invert" | "window">,
  title: string,
): ColorBar | undefined {
  if (lut === "grey") return undefined;
  const { colors } = lutOf(lut)!;
  const low = formatValue(roundTo(center - width / 2, width), unit);
  return { colors, invert, title, low, high: formatValue(roundTo(center + width / 2, width), unit) };
}

/** An end of a window with as many digits as its width deserves, so that a rounded 0 is 0. */
function roundTo(value: number, width: number): number {
  const step = 10 ** Math.floor(Math.log10(width) - 3);
  return Math.round(value / step) * step;
}

/** Where the plane that cuts the volume view meets this one. */
export function cutLines(stage: Stage, { frame }: PlaneInView, plane: SlicePlane): CrossLine[] {
  const cut = stage.state.volume.clipPlane.value;
  if (!cut) return [];
  const across = dot(cut.normal, frame.right);
  const downwards = dot(cut.normal, frame.down);
  const steep = across ** 2 + downwards ** 2;
  if (steep < 1e-6) return [];
  // The foot of the perpendicular from the plane's first pixel.
  const reach = dot(cut.normal, subtract(cut.point, plane.origin)) / steep;
  const foot = add(plane.origin, add(scale(frame.right, across * reach), scale(frame.down, downwards * reach)));
  return crossLines(plane, foot, [-downwards, across], CUT_COLOR, 0);
}

/** The tool's box, else the clip box of the volume, where the slice cuts it. */
export function boxCorners({ state, volume }: Stage, view: PlaneInView, plane: SlicePlane): OverlayMarks["box"] {
  const { grid } = volume;
  const box = state.toolBox.value ?? state.volume.clipBox.value;
  const { axis, aligned, normal } = view.frame;
  if (box && !aligned) {
    const corners = cutCorners(grid, plane.origin, normal, box);
    return corners.length > 0 ? corners.map((corner) => lpsToPixel(plane, corner)) : undefined;
  }
  const { slice } = view;
  if (!box || slice < box.min[axis] || slice >= box.max[axis]) return undefined;
  const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const corner = (atU: number, atV: number): readonly [number, number] => {
    const ijk: [number, number, number] = [0, 0, 0];
    ijk[axis] = slice;
    ijk[u] = atU - 0.5;
    ijk[v] = atV - 0.5;
    return lpsToPixel(plane, grid.toLps(ijk));
  };
  return [
    corner(box.min[u], box.min[v]),
    corner(box.max[u], box.min[v]),
    corner(box.max[u], box.max[v]),
    corner(box.min[u], box.max[v]),
  ];
}

/** The circle of the tool in hand round the pointer at `at`; on planes that the pointer is not `here` on, a sphere's cut. */
export function toolCircle(
  stage: Stage,
  { frame }: PlaneInView,
  plane: SlicePlane,
  at: PlanePick | undefined,
  here: boolean,
): OverlayMarks["cursor"] {
  const tool = stage.state.toolCursor.value;
  if (!tool || !at) return undefined;
  const [x, y] = lpsToPixel(plane, at.lps);
  const circle = (radiusMm: number) => ({
    x: x + 0.5,
    y: y + 0.5,
    radius: radiusMm / plane.mmPerPixel,
    color: tool.color,
  });
  if (here) return circle(tool.radiusMm);
  if (tool.shape !== "sphere") return undefined;
  const distance = Math.abs(dot(subtract(at.lps, plane.origin), frame.normal));
  return distance >= tool.radiusMm ? undefined : circle(Math.sqrt(tool.radiusMm ** 2 - distance ** 2));
}
