import { createSignal, For, type JSX } from "solid-js";
import { ACTIONS, act } from "../actions.ts";
import { EXPORTS, runExport } from "../export-study.ts";
import { Icon } from "../parts/icon.tsx";
import { Keys } from "../parts/keys.tsx";
import { SHORTCUTS } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";

/** One button a format; the browser saves the file. */
export function ExportList(): JSX.Element {
  const ui = useUi();
  const [busy, setBusy] = createSignal<string>();
  return (
    <div class="options">
      <ul class="export-list">
        <For each={EXPORTS.filter(({ offered }) => offered?.(ui) ?? true)}>
          {(entry) => (
            <li>
              <button
                type="button"
                class="export-button"
                aria-label={entry.title}
                disabled={busy() !== undefined || (entry.needsSegments && ui.segments().length === 0)}
                onClick={() => {
                  setBusy(entry.suffix);
                  void runExport(ui, entry).finally(() => setBusy(undefined));
                }}
              >
                <Icon name="export" size={15} />
                <span class="export-text">
                  <span>{busy() === entry.suffix ? "Writing…" : entry.title}</span>
                  <span class="muted">{entry.what}</span>
                </span>
                <code>.{entry.suffix}</code>
              </button>
            </li>
          )}
        </For>
      </ul>
      <For each={MEASURES}>
        {(measure) => (
          <button
            type="button"
            class="button button-wide"
            disabled={ACTIONS[measure].enabled?.(ui) === false}
            onClick={() => act(ui, measure)}
          >
            {SHORTCUTS.find(({ id }) => id === measure)!.title} <Keys action={measure} />
          </button>
        )}
      </For>
    </div>
  );
}

const MEASURES = ["study.statistics", "study.compare", "study.consensus"] as const;
