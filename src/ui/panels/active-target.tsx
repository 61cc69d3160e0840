import { type JSX, Match, Switch } from "solid-js";
import { act } from "../actions.ts";
import { useUi } from "../ui-state.ts";

/** Which segment a drawing tool writes, or why it cannot write. */
export function ActiveTarget(): JSX.Element {
  const ui = useUi();
  const segment = () => ui.segments().find(({ value }) => value === ui.activeSegment());
  return (
    <Switch
      fallback={
        <div class="active-target active-target-none">
          <span>No segment is active.</span>
          <button type="button" class="button button-small" onClick={() => act(ui, "segment.add")}>
            Add segment
          </button>
        </div>
      }
    >
      <Match when={segment()}>
        {(active) => (
          <div class="active-target">
            <span class="dot" style={{ background: active().color }} />
            <span class="active-target-name">{active().name}</span>
            <Switch>
              <Match when={active().locked}>
                <span class="warning-text">locked, cannot be changed</span>
              </Match>
              <Match when={!active().visible}>
                <span class="warning-text">hidden</span>
              </Match>
            </Switch>
          </div>
        )}
      </Match>
    </Switch>
  );
}
