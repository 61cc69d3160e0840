import { type JSX, Match, Switch } from "solid-js";
import { countOf } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useUi } from "../ui-state.ts";

/** Whether every change is on disk, always in sight. */
export function SaveState(): JSX.Element {
  const ui = useUi();
  const failed = () => {
    const saved = ui.study()?.saved;
    return saved?.kind === "failed" ? saved : undefined;
  };
  // Entry 0 begins the journal and changes nothing.
  const changes = (): number => Math.max(ui.history().count - 1, 0);
  return (
    <div class="save-state" role="status" aria-label="Save state">
      <Switch fallback={<span class="muted">Saved · {countOf(changes(), "change")}</span>}>
        <Match when={failed()}>
          {(state) => (
            <span class="save-failed" title={state().reason}>
              <Icon name="error" size={14} />
              Not saved: {state().reason}
            </span>
          )}
        </Match>
        <Match when={ui.study()?.saved.kind === "saving"}>
          <span class="muted">Saving…</span>
        </Match>
      </Switch>
    </div>
  );
}
