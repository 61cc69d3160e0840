import { shapeNotes, type ShownStatistics } from "#export";
import { ImageGrid } from "#volume";
import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { EXPORTS, runExport } from "../export-study.ts";
import { JobLines } from "../parts/job-lines.tsx";
import { MeasureTable } from "../parts/measure-table.tsx";
import { Modal } from "../parts/modal.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useUi } from "../ui-state.ts";
import { STATISTICS_GROUPS, type StatisticsGroup, statisticsColumns } from "./statistics-columns.ts";

/** A table of all segments in groups of columns, and the way to its CSV, which has all of them. */
export function StatisticsDialog(): JSX.Element {
  const ui = useUi();
  const [group, setGroup] = createSignal<StatisticsGroup>("values");
  const [rows] = createResource(
    async () => ((await ui.runAny("label.statistics", { shape: true })) ?? []) as readonly ShownStatistics[],
  );
  const columns = () => statisticsColumns(group(), ui.study()?.description.unit ?? "");
  const notes = (): string[] => {
    const study = ui.study();
    const grid = study ? shapeNotes(new ImageGrid(study.description.grid)) : [];
    return ui.preview() ? [...grid, "What the preview shows is not counted until it is accepted."] : grid;
  };
  return (
    <Modal
      title="Statistics"
      size="large"
      onClose={() => ui.showDialog(undefined)}
      footer={
        <button
          type="button"
          class="button"
          onClick={() => void runExport(ui, EXPORTS.find(({ suffix }) => suffix === "csv")!)}
        >
          Save as CSV
        </button>
      }
    >
      <Segmented label="Columns" value={group()} options={STATISTICS_GROUPS} onChange={setGroup} />
      <Show when={!rows.loading} fallback={<JobLines />}>
        <MeasureTable columns={columns()} rows={rows() ?? []} />
        <For each={notes()}>{(note) => <p class="muted">{note}</p>}</For>
      </Show>
    </Modal>
  );
}
