import type { ToolState } from "./ui-port.ts";
import type { Ui } from "./ui-state.ts";

/** The mask switched on or off. A range that was never set begins as what the window shows, which the eye has chosen already. */
export function maskSwitched(ui: Ui, on: boolean): Partial<ToolState["mask"]> {
  const { low, high } = ui.tool().mask;
  if (!on || low !== high) return { on };
  const { center, width } = ui.view().window;
  return { on, low: Math.round(center - width / 2), high: Math.round(center + width / 2) };
}
