import { type JSX, Show } from "solid-js";
import { formatPercent } from "../format.ts";
import { ProgressBar } from "../parts/progress.tsx";
import { useUi } from "../ui-state.ts";

/** Progress of the running import over the views, which stay usable behind it. */
export function ImportBar(): JSX.Element {
  const ui = useUi();
  return (
    <Show when={ui.importing()}>
      {(state) => (
        <section class="import-bar" aria-label="Import">
          <div class="import-line">
            <strong class="import-name" title={state().name}>
              {state().name}
            </strong>
            <Show when={state().fraction !== undefined}>
              <span class="numbers">{formatPercent(state().fraction!)}</span>
            </Show>
          </div>
          <ProgressBar label="Import progress" fraction={state().fraction} />
          <div class="import-line">
            <span class="muted import-what">
              {state().what}
              <Show when={state().firstSlices}> · the slices so far can be viewed</Show>
            </span>
            <button type="button" class="button button-small" onClick={() => void ui.run("study.cancelImport", {})}>
              Cancel import
            </button>
          </div>
        </section>
      )}
    </Show>
  );
}
