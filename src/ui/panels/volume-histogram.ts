import { isAbortError, isVoxelwrightError } from "#base";
import { messageOfError } from "../error-message.ts";
import type { HistogramResult } from "../ui-commands.ts";
import type { Ui } from "../ui-state.ts";

/** The histogram that a panel draws, of an overview of a large image; undefined where there is none. That a scan is damaged is told where it is seen, not once more here. */
export async function volumeHistogram(ui: Ui, bins: number): Promise<HistogramResult | undefined> {
  try {
    return (await ui.port.run("volume.histogram", { bins, overview: true })) as HistogramResult;
  } catch (error) {
    const told = isAbortError(error) || (isVoxelwrightError(error) && error.kind === "integrity");
    if (!told) ui.post(messageOfError(error, "volume.histogram"));
    return undefined;
  }
}
