import { formatCount, formatMl } from "./format.ts";
import type { NextSliceResult } from "./ui-commands.ts";
import type { Ui } from "./ui-state.ts";

/** Goes to the slice whose annotation is expected to put most of the fill right, and says how much that is. */
export async function goToNextSlice(ui: Ui): Promise<void> {
  const next = (await ui.run("fill.goToNextSlice", {})) as NextSliceResult | undefined;
  if (!next) return;
  const place = `Slice ${next.index + 1} across ${"ijk"[next.axis]}`;
  ui.post({
    tone: "info",
    text: `${place}: annotating it should put ${formatCount(Math.round(next.voxels))} voxels (${formatMl(next.ml)}) right.`,
  });
}
