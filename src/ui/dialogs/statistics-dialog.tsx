import { createResource, For, type JSX, Show } from "solid-js";
import { EXPORTS, runExport } from "../export-study.ts";
import { formatCount, formatValue } from "../format.ts";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

/** What the interface reads of a row of `label.statistics`; a segment without voxels has no mean. */
interface StatisticsRow {
  readonly segment: number;
  readonly name?: string;
  readonly voxels: number;
  readonly ml: number;
  readonly mean?: number | null;
  readonly sd?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
}

/** A table of all segments, and the way to its CSV. */
export function StatisticsDialog(): JSX.Element {
  const ui = useUi();
  const [rows] = createResource(
    async () => ((await ui.runAny("label.statistics", {})) ?? []) as readonly StatisticsRow[],
  );
  const segment = (value: number) => ui.segments().find((other) => other.value === value);
  const number = (value: number | null | undefined): string =>
    value === undefined || value === null || Number.isNaN(value) ? "–" : formatValue(value);
  const unit = (): string => (ui.study()?.description.unit ? ` (${ui.study()!.description.unit})` : "");
  return (
    <Modal
      title="Statistics"
      size="large"
      onClose={() => ui.showDialog(undefined)}
      footer={
        <button
          type="button"
          class="button"
          onClick={() => void runExport(ui, EXPORTS.find(({ format }) => format === "csv")!)}
        >
          Save as CSV
        </button>
      }
    >
      <Show when={!rows.loading} fallback={<p class="muted">Measuring…</p>}>
        <table class="statistics">
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col">Voxels</th>
              <th scope="col">Volume (ml)</th>
              <th scope="col">Mean{unit()}</th>
              <th scope="col">SD</th>
              <th scope="col">Min</th>
              <th scope="col">Max</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {(row) => (
                <tr>
                  <th scope="row">
                    <span class="dot" style={{ background: segment(row.segment)?.color ?? "transparent" }} />
                    {row.name ?? segment(row.segment)?.name ?? row.segment}
                  </th>
                  <td>{formatCount(row.voxels)}</td>
                  <td>{row.ml.toFixed(3)}</td>
                  <td>{number(row.mean)}</td>
                  <td>{number(row.sd)}</td>
                  <td>{number(row.min)}</td>
                  <td>{number(row.max)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </Modal>
  );
}
