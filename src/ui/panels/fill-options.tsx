import type { JSX } from "solid-js";
import { act } from "../actions.ts";
import { Row, Select } from "../parts/fields.tsx";
import { Keys } from "../parts/keys.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ToolState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";

/** How the space between annotated slices is filled, and the button that computes it. */
export function FillOptions(): JSX.Element {
  const ui = useUi();
  const fill = () => ui.tool().fill;
  const set = (change: Partial<ToolState["fill"]>): void => void ui.run("tool.set", { fill: change });
  return (
    <div class="options">
      <ActiveTarget />
      <p class="muted panel-text">
        Draw the segment on some slices of one plane, a few slices apart, then compute the fill.
      </p>
      <Row label="Slices" for="fill-axis">
        <Select
          id="fill-axis"
          label="Annotated plane"
          value={fill().axis}
          options={[
            { value: "auto", title: "Found from the labels" },
            { value: "axial", title: "Axial" },
            { value: "coronal", title: "Coronal" },
            { value: "sagittal", title: "Sagittal" },
          ]}
          onChange={(axis) => set({ axis })}
        />
      </Row>
      <Row label="Fill">
        <Segmented
          label="Segments to fill"
          value={fill().segments}
          options={[
            { value: "active", title: "Active segment" },
            { value: "all", title: "All segments" },
          ]}
          onChange={(segments) => set({ segments })}
        />
      </Row>
      <button
        type="button"
        class="button button-wide"
        disabled={ui.segments().length === 0 || ui.preview()?.busy === true}
        onClick={() => act(ui, "preview.fill")}
      >
        Compute the fill <Keys action="preview.fill" />
      </button>
    </div>
  );
}
