import { createMemo, type JSX, Show } from "solid-js";
import { scaleOf } from "../brush-size.ts";
import { NumberField, Row, Select } from "../parts/fields.tsx";
import type { ViewState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";

/** Thick slices: how many millimetres are projected, and how. */
export function SlabOptions(props: { readonly slab: NonNullable<ViewState["slab"]> }): JSX.Element {
  const ui = useUi();
  const scale = createMemo(() => scaleOf(ui));
  return (
    <Row label="Slab" for="slab-mode">
      <Select
        id="slab-mode"
        label="Slab projection"
        value={props.slab.mode}
        options={[
          { value: "none", title: "Off" },
          { value: "mip", title: "Maximum" },
          { value: "minip", title: "Minimum" },
          { value: "mean", title: "Mean" },
        ]}
        onChange={(mode) => void ui.run("view.set", { slab: { mode } })}
      />
      <Show when={props.slab.mode !== "none"}>
        <NumberField
          label="Slab thickness in mm"
          value={props.slab.thicknessMm}
          min={0.1 * scale()}
          max={500}
          step={scale()}
          unit="mm"
          onChange={(thicknessMm) => void ui.run("view.set", { slab: { thicknessMm } })}
        />
      </Show>
    </Row>
  );
}
