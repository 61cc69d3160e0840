import { setWindow, type ViewState, ZOOM_RANGE } from "./view-state.ts";

/** Zoom and pan of a flat picture. */
interface FlatLook {
  readonly zoom: number;
  readonly panMm: readonly [number, number];
}

/** Panned by a drag of CSS pixels. */
export function pannedBy({ panMm }: FlatLook, dx: number, dy: number, mmPerCssPx: number): Pick<FlatLook, "panMm"> {
  return { panMm: [panMm[0] - dx * mmPerCssPx, panMm[1] - dy * mmPerCssPx] };
}

/** Zoomed by a factor, with the place `dx`, `dy` CSS pixels from the middle of the picture kept where it is. */
export function zoomedAbout(
  { zoom, panMm }: FlatLook,
  factor: number,
  [dx, dy]: readonly [number, number],
  mmPerCssPx: number,
): FlatLook {
  const next = Math.min(Math.max(zoom * factor, ZOOM_RANGE.min), ZOOM_RANGE.max);
  const shrink = mmPerCssPx * (1 - zoom / next);
  return { zoom: next, panMm: [panMm[0] + dx * shrink, panMm[1] + dy * shrink] };
}

/** Changes the window by a drag of CSS pixels: the whole width is about 500 of them, at any scale of values. */
export function dragWindow(state: ViewState, dx: number, dy: number): void {
  const { center, width } = state.window.value;
  const whole = state.volume.automatic.value.width;
  const unit = Math.max(width, whole / 20) / 500;
  setWindow(state, { center: center + dy * unit, width: Math.max(width + dx * unit * 2, whole * 1e-4) });
}
