import { MOST_OVERLAYS } from "#views";
import { Index, type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { Row } from "../parts/fields.tsx";
import { shortcutText } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";
import { OverlayItem } from "./overlay-item.tsx";

/** The volumes over the open one, the topmost last, and a way to another. */
export function OverlayList(): JSX.Element {
  const ui = useUi();
  const full = (): boolean => ui.overlays().length >= MOST_OVERLAYS;
  return (
    <>
      <Row label="Over it">
        <button
          type="button"
          class="button button-small"
          title={
            full()
              ? "Two volumes are shown already: remove one first"
              : `Another scan of the same place, as PET over CT (${shortcutText("study.overlay")})`
          }
          disabled={full()}
          onClick={() => act(ui, "study.overlay")}
        >
          Add a volume…
        </button>
        <Show when={ui.overlays().length === 0}>
          <span class="muted panel-text">None</span>
        </Show>
      </Row>
      <Show when={ui.overlays().length > 0}>
        <ul class="overlay-list" aria-label="Volumes over this one">
          <Index each={ui.overlays()}>{(overlay) => <OverlayItem overlay={overlay()} />}</Index>
        </ul>
      </Show>
    </>
  );
}
