import { type JSX, Show } from "solid-js";
import { Check, NumberField, Row } from "../parts/fields.tsx";
import { RangePair } from "../parts/range-pair.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { OverRule } from "./over-rule.tsx";
import { valueBounds } from "./value-bounds.ts";

/** Half edge of the box that growth is first limited to, mm. */
const FIRST_BOX_MM = 40;

/** Range, neighbourhood and limit of region growing; all act on the preview at once. */
export function GrowOptions(): JSX.Element {
  const ui = useUi();
  const grow = () => ui.tool().grow;
  return (
    <div class="options">
      <ActiveTarget />
      <Show when={!ui.preview()}>
        <p class="muted panel-text">
          Click inside the structure. The range begins around the value there; drag it until the preview fits.
        </p>
      </Show>
      <span class="row-label">Intensity range</span>
      <RangePair
        label="Growth range"
        low={grow().low}
        high={grow().high}
        min={valueBounds(ui).min}
        max={valueBounds(ui).max}
        unit={ui.study()?.description.unit ?? ""}
        onChange={(low, high) => void ui.run("tool.set", { grow: { low, high } })}
      />
      <Row label="Neighbours">
        <Segmented
          label="Neighbours"
          value={grow().connectivity}
          options={[
            { value: 6, title: "6", hint: "Across faces" },
            { value: 18, title: "18", hint: "Across faces and edges" },
            { value: 26, title: "26", hint: "Across faces, edges and corners" },
          ]}
          onChange={(connectivity) => void ui.run("tool.set", { grow: { connectivity } })}
        />
      </Row>
      <div class="row-pair">
        <Check
          label="Stay in a box around the seed"
          checked={grow().boxMm !== undefined}
          onChange={(on) => void ui.run("tool.set", { grow: { boxMm: on ? FIRST_BOX_MM : null } })}
        />
        <Show when={grow().boxMm !== undefined}>
          <NumberField
            label="Half edge of the box in mm"
            value={grow().boxMm!}
            min={1}
            max={2000}
            step={1}
            unit="mm"
            onChange={(boxMm) => void ui.run("tool.set", { grow: { boxMm } })}
          />
        </Show>
      </div>
      <OverRule />
    </div>
  );
}
