import { type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { Range } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { shortcutText } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";

/** The picture along a path: shown or not, how its columns lie, and how far they are turned. */
export function CurveOptions(props: { readonly path: number }): JSX.Element {
  const ui = useUi();
  const shown = () => {
    const curve = ui.view().curve;
    return curve?.path === props.path ? curve : undefined;
  };
  const set = (change: { mode?: "straightened" | "curved"; angleDeg?: number }): void =>
    void ui.run("view.set", { curve: { ...change, path: props.path } });
  return (
    <div class="curve-options">
      <Show
        when={shown()}
        fallback={
          <button
            type="button"
            class="button button-small"
            title={`The volume along this path, as a picture of its own (${shortcutText("measure.straighten")})`}
            onClick={() => act(ui, "measure.straighten")}
          >
            Straighten
          </button>
        }
      >
        {(curve) => (
          <>
            <Segmented
              label="Picture along the path"
              value={curve().mode}
              options={[
                {
                  value: "straightened",
                  title: "Straightened",
                  hint: "Columns turn with the path: a vessel lies straight",
                },
                { value: "curved", title: "Curved", hint: "All columns are parallel: a panorama of the jaw" },
              ]}
              onChange={(mode) => set({ mode })}
            />
            <div class="curve-turn">
              <span class="muted">Turned</span>
              <Range
                label="Turned about the path"
                value={curve().angleDeg}
                min={-180}
                max={180}
                step={1}
                valueText={`${curve().angleDeg.toFixed(0)} degrees`}
                onInput={(angleDeg) => set({ angleDeg })}
              />
              <span class="numbers">{curve().angleDeg.toFixed(0)}°</span>
            </div>
            <button type="button" class="button button-small" onClick={() => void ui.run("view.set", { curve: null })}>
              Close the picture
            </button>
          </>
        )}
      </Show>
    </div>
  );
}
