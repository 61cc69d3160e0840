import type { TaskContext } from "../crew/task.ts";
import { Metric } from "../distance/metric.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { PackedChanges } from "../packed-changes.ts";
import { changeTile, type TileRequest, type TileWork } from "../tiles/change-tile.ts";
import { grow, hollow, shrink } from "./grow-shrink.ts";
import { close, open } from "./open-close.ts";

/** What is done to segments by distance. */
export type MarginStep =
  | { readonly kind: "grow" | "shrink" | "open" | "close"; readonly mm: number }
  | { readonly kind: "hollow"; readonly mm: number; readonly mode: "inside" | "outside" | "middle" };

export interface MarginTask extends TileRequest {
  readonly spacingMm: SpacingMm;
  readonly step: MarginStep;
}

/** One tile of a change by distance. */
export function marginTile(context: TaskContext, { spacingMm, step, ...tile }: MarginTask): Promise<PackedChanges> {
  const metric = new Metric(spacingMm);
  return changeTile(context, tile, (work) => workOn(work, metric, step), DOING[step.kind]);
}

const DOING: Readonly<Record<MarginStep["kind"], string>> = {
  grow: "Growing segments",
  shrink: "Shrinking segments",
  open: "Opening segments",
  close: "Closing segments",
  hollow: "Hollowing segments",
};

function workOn(tile: TileWork, metric: Metric, step: MarginStep): Promise<void> {
  switch (step.kind) {
    case "grow":
      return grow(tile, metric, step.mm);
    case "shrink":
      return shrink(tile, metric, step.mm, "within");
    case "open":
      return open(tile, metric, step.mm);
    case "close":
      return close(tile, metric, step.mm);
    case "hollow":
      return hollow(tile, metric, step.mm, step.mode);
  }
}
