import { For, type JSX, Show } from "solid-js";
import { useUi } from "../ui-state.ts";

/** A column of a table of segments. */
export interface MeasureColumn<Row> {
  readonly title: string;
  /** What it is, for whoever points at it. */
  readonly hint: string;
  /** What stands in a row; a dash where there is nothing to say. */
  of(row: Row): string;
}

interface MeasureTableProps<Row> {
  readonly columns: readonly MeasureColumn<Row>[];
  readonly rows: readonly Row[];
  /** What the rows are of; "Segment" when absent. */
  readonly head?: string;
  /** A last row of what is over all rows, one cell for each column. */
  readonly foot?: { readonly name: string; readonly cells: readonly string[] } | undefined;
}

/** Figures of segments, a row each, with the segment's colour. */
export function MeasureTable<Row extends { readonly segment: number; readonly name: string }>(
  props: MeasureTableProps<Row>,
): JSX.Element {
  const ui = useUi();
  const color = (value: number) => ui.segments().find((other) => other.value === value)?.color ?? "transparent";
  return (
    <table class="measures">
      <thead>
        <tr>
          <th scope="col">{props.head ?? "Segment"}</th>
          <For each={props.columns}>
            {(column) => (
              <th scope="col" title={column.hint}>
                {column.title}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {(row) => (
            <tr>
              <th scope="row">
                <span class="dot" style={{ background: color(row.segment) }} />
                {row.name}
              </th>
              <For each={props.columns}>{(column) => <td>{column.of(row)}</td>}</For>
            </tr>
          )}
        </For>
      </tbody>
      <Show when={props.foot}>
        {(foot) => (
          <tfoot>
            <tr>
              <th scope="row">{foot().name}</th>
              <For each={foot().cells}>{(cell) => <td>{cell}</td>}</For>
            </tr>
          </tfoot>
        )}
      </Show>
    </table>
  );
}
