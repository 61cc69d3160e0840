import { createMemo, For, type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { formatCount } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { shortcutText } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";
import { MeasurementRow } from "./measurement-row.tsx";

/** What was measured: its numbers, a way there, and out as a table. */
export function MeasurementsPanel(): JSX.Element {
  const ui = useUi();
  const kept = createMemo(() => ui.measurements().filter(({ measurement }) => measurement.id > 0));
  // Rows are kept by id, so that a change redraws one row and an open colour picker survives it.
  const ids = createMemo(() => kept().map(({ measurement }) => measurement.id), undefined, { equals: sameIds });
  const byId = createMemo(() => new Map(kept().map((shown) => [shown.measurement.id, shown])));
  const anyShown = (): boolean => kept().some(({ measurement }) => measurement.visible);
  return (
    <Panel
      name="measurements"
      title="Measurements"
      aside={<Show when={kept().length > 0}>{formatCount(kept().length)}</Show>}
      actions={
        <Show when={kept().length > 0}>
          <ButtonTip
            class="icon-button icon-button-small"
            label="Show all measurements"
            hint={anyShown() ? "Shown; press to hide all" : "Hidden; press to show all"}
            action="measure.show"
            pressed={anyShown()}
            onClick={() => act(ui, "measure.show")}
          >
            <Icon name={anyShown() ? "eye" : "eyeOff"} size={16} />
          </ButtonTip>
        </Show>
      }
    >
      <Show
        when={kept().length > 0}
        fallback={
          <p class="muted panel-text measurement-none">
            Nothing was measured yet. Press {shortcutText("tool.measure")} and click in a plane.
          </p>
        }
      >
        <ul class="measurement-list" aria-label="Measurement list">
          <For each={ids()}>
            {(id) => (
              <Show when={byId().get(id)}>
                {(shown) => <MeasurementRow shown={shown()} selected={ui.selectedMeasurement() === id} />}
              </Show>
            )}
          </For>
        </ul>
        <div class="measurement-export">
          <button type="button" class="button button-small" onClick={() => act(ui, "measure.exportCsv")}>
            Export CSV
          </button>
          <button type="button" class="button button-small" onClick={() => act(ui, "measure.exportJson")}>
            Export JSON
          </button>
        </div>
      </Show>
    </Panel>
  );
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n]);
}
