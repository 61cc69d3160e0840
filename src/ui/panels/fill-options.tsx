import { type JSX, Show } from "solid-js";
import { ACTIONS, act } from "../actions.ts";
import { Check, Row, Select } from "../parts/fields.tsx";
import { Keys } from "../parts/keys.tsx";
import type { ToolState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { ComputeButton } from "./compute-button.tsx";
import { ScopeRow } from "./scope-row.tsx";

/** How the space between annotated slices is filled, and the button that computes it. */
export function FillOptions(): JSX.Element {
  const ui = useUi();
  const fill = () => ui.tool().fill;
  const set = (change: Partial<ToolState["fill"]>): void => void ui.run("tool.set", { fill: change });
  return (
    <div class="options">
      <ActiveTarget />
      <p class="muted panel-text">
        Draw the segment on some slices, a few apart, of one plane or of several, then compute the fill.
      </p>
      <Row label="Slices" for="fill-axis">
        <Select
          id="fill-axis"
          label="Annotated plane"
          value={fill().axis}
          options={[
            { value: "auto", title: "Found from the labels" },
            { value: "drawn", title: "All I drew on, also turned" },
            { value: "axial", title: "Axial" },
            { value: "coronal", title: "Coronal" },
            { value: "sagittal", title: "Sagittal" },
          ]}
          onChange={(axis) => set({ axis })}
        />
      </Row>
      <Check
        label="Also look at the scan"
        checked={fill().method === "image"}
        onChange={(on) => set({ method: on ? "image" : "shape" })}
      />
      <Show when={fill().method === "image"}>
        <p class="muted panel-text">
          Borders go to where the scan has them; between slices of one plane as far as that would have helped on the
          ones drawn.
        </p>
      </Show>
      <ScopeRow value={fill().segments} onChange={(segments) => set({ segments })} />
      <ComputeButton label="Compute the fill" disabled={ui.segments().length === 0} />
      <button
        type="button"
        class="button button-wide"
        title="The slice where the fill is least sure"
        disabled={ACTIONS["fill.next"].enabled?.(ui) === false}
        onClick={() => act(ui, "fill.next")}
      >
        Next slice to annotate <Keys action="fill.next" />
      </button>
    </div>
  );
}
