import type { Session } from "#session";
import { fineScale, ImageGrid } from "#volume";
import type { Ui } from "./ui-state.ts";

/** Radii in mm: the least and the greatest there are, and those at the ends of the slider. */
export interface BrushRange {
  readonly least: number;
  readonly first: number;
  readonly last: number;
  readonly greatest: number;
}

/** Radii for a scan whose voxels ask for lengths of `scale` (`fineScale`). */
export function brushRange(scale: number): BrushRange {
  return { least: 0.1 * scale, first: 0.2 * scale, last: 60 * scale, greatest: 200 };
}

/** A radius a person would choose: in a clinical scan hundredths below 2 mm, tenths above; finer where voxels are. */
export function roundRadius(radiusMm: number, scale: number): number {
  const digits = (radiusMm < 2 * scale ? 2 : 1) + Math.ceil(-Math.log10(scale));
  return Number(radiusMm.toFixed(digits));
}

/** Radius after one step up or down: about an eighth, never less than the least there is. */
export function steppedRadius(radiusMm: number, direction: 1 | -1, scale: number): number {
  const { least, first, greatest } = brushRange(scale);
  const step = Math.max(radiusMm * 0.125, least);
  return roundRadius(Math.min(Math.max(radiusMm + direction * step, first), greatest), scale);
}

/** What lengths of tools are multiplied by for the study on screen; 1 without one. */
export function scaleOf(ui: Ui): number {
  const description = ui.study()?.description;
  return description ? fineScale(new ImageGrid(description.grid)) : 1;
}

/** The scale that the brush of a session is sized for. */
const sizedFor = new WeakMap<Session, number>();

/** Has the brush cover as many voxels of a study that is opened as it did of the last, where one of them is finer than clinical scans. */
export function sizeBrush(session: Session, grid: ImageGrid): void {
  const scale = fineScale(grid);
  const before = sizedFor.get(session) ?? 1;
  sizedFor.set(session, scale);
  if (scale === before) return;
  const { radiusMm } = session.tools.peek().brush;
  session.setTools({ brush: { radiusMm: roundRadius((radiusMm * scale) / before, scale) } });
}
