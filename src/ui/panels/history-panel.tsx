import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { countOf, formatCount } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import type { VerifyResult } from "../ui-commands.ts";
import { useUi } from "../ui-state.ts";
import { HistoryRow } from "./history-row.tsx";

/** The journal: what was done, when, by whom, and whether all of it is still as it was signed. */
export function HistoryPanel(): JSX.Element {
  const ui = useUi();
  const [busy, setBusy] = createSignal(false);
  const [outcome, setOutcome] = createSignal<VerifyResult & { readonly count: number }>();
  // Rows are kept by sequence number: a stroke adds one row and leaves the others as they are.
  const sequences = createMemo(() => ui.history().entries.map(({ sequence }) => sequence));
  const bySequence = createMemo(() => new Map(ui.history().entries.map((entry) => [entry.sequence, entry])));
  const verify = async (): Promise<void> => {
    setBusy(true);
    const count = ui.history().count;
    const result = (await ui.run("journal.verify", {})) as VerifyResult | undefined;
    setOutcome(result && { ...result, count });
    setBusy(false);
  };
  return (
    <Panel
      name="history"
      title="History"
      aside={<Show when={ui.history().count > 0}>{formatCount(ui.history().count)}</Show>}
    >
      <div class="options">
        <div class="verify">
          <button type="button" class="button button-small" disabled={busy()} onClick={() => void verify()}>
            {busy() ? "Verifying…" : "Verify"}
          </button>
          <span role="status" aria-label="Verification" class="verify-outcome">
            <Show when={outcome()} fallback={<span class="muted">Checks every entry's chain and signature</span>}>
              {(result) => (
                <Show
                  when={result().ok}
                  fallback={
                    <span class="error-text">
                      Entry {result().firstBad ?? "?"} is bad{result().reason ? `: ${result().reason}` : ""}
                    </span>
                  }
                >
                  <span class="ok-text">{countOf(result().count, "entry", "entries")} whole and signed</span>
                </Show>
              )}
            </Show>
          </span>
        </div>
        <ol class="history-list" aria-label="Journal entries">
          <For each={sequences()} fallback={<li class="muted panel-text">Nothing was changed yet.</li>}>
            {(sequence) => <Show when={bySequence().get(sequence)}>{(entry) => <HistoryRow entry={entry()} />}</Show>}
          </For>
        </ol>
        <Show when={ui.history().entries.length < ui.history().count}>
          <p class="muted panel-text">
            The newest {formatCount(ui.history().entries.length)} of {formatCount(ui.history().count)}. The exported
            journal holds all.
          </p>
        </Show>
      </div>
    </Panel>
  );
}
