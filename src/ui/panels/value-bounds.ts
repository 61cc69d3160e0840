import type { Ui } from "../ui-state.ts";

/** Ends of intensity tracks, in shown values: the volume's range, or twice the window until it is known or where it has no end. */
export function valueBounds(ui: Ui): { readonly min: number; readonly max: number } {
  const range = ui.study()?.valueRange;
  if (range && range.max > range.min && Number.isFinite(range.max - range.min)) return range;
  const { center, width } = ui.view().window;
  return { min: center - width, max: center + width };
}
