import { type JSX, Show } from "solid-js";
import { Check, NumberField, Row } from "../parts/fields.tsx";
import { RangePair } from "../parts/range-pair.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { type Ui, useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { OverRule } from "./over-rule.tsx";
import { valueBounds } from "./value-bounds.ts";

/** Half edge of the box that growth is first limited to, mm. */
const FIRST_BOX_MM = 40;

/** Half width of passages that a leak guard shuts at first, mm. */
const FIRST_LEAK_GUARD_MM = 2;

/** A change of value a mm that most edges of the study have: a twentieth of the range of values. */
function firstGradient(ui: Ui): number {
  const { min, max } = valueBounds(ui);
  return Number(((max - min) / 20).toPrecision(1));
}

/** Range, neighbourhood and limit of region growing; all act on the preview at once. */
export function GrowOptions(): JSX.Element {
  const ui = useUi();
  const grow = () => ui.tool().grow;
  return (
    <div class="options">
      <ActiveTarget />
      <Show when={!ui.preview()}>
        <p class="muted panel-text">
          {grow().method === "range"
            ? "Click inside the structure. The range begins around the value there; drag it until the preview fits."
            : "Click inside the structure. What is like it grows; drag right or left to take in more or less."}
        </p>
      </Show>
      <Row label="Where">
        <Segmented
          label="What is grown"
          value={grow().method}
          options={[
            { value: "range", title: "Range", hint: "Values from lowest to highest" },
            { value: "confidence", title: "Like the seed", hint: "Values near the mean of what has grown" },
          ]}
          onChange={(method) => void ui.run("tool.set", { grow: { method } })}
        />
      </Row>
      <Show
        when={grow().method === "range"}
        fallback={
          <Row label="Mean ± sd ×">
            <NumberField
              label="Standard deviations on either side of the mean"
              value={grow().multiplier}
              min={0.1}
              max={20}
              step={0.1}
              onChange={(multiplier) => void ui.run("tool.set", { grow: { multiplier } })}
            />
          </Row>
        }
      >
        <RangePair
          label="Growth range"
          low={grow().low}
          high={grow().high}
          min={valueBounds(ui).min}
          max={valueBounds(ui).max}
          unit={ui.study()?.description.unit ?? ""}
          onChange={(low, high) => void ui.run("tool.set", { grow: { low, high } })}
        />
      </Show>
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
          label="Stop at edges"
          checked={grow().gradient !== undefined}
          onChange={(on) => void ui.run("tool.set", { grow: { gradient: on ? firstGradient(ui) : null } })}
        />
        <Show when={grow().gradient !== undefined}>
          <NumberField
            label="Largest change of the value a mm"
            value={grow().gradient!}
            min={0}
            step={firstGradient(ui) / 10}
            unit="/ mm"
            onChange={(gradient) => void ui.run("tool.set", { grow: { gradient } })}
          />
        </Show>
      </div>
      <div class="row-pair">
        <Check
          label="Leak guard"
          checked={grow().leakGuardMm !== undefined}
          onChange={(on) => void ui.run("tool.set", { grow: { leakGuardMm: on ? FIRST_LEAK_GUARD_MM : null } })}
        />
        <Show when={grow().leakGuardMm !== undefined}>
          <NumberField
            label="Half width of passages that are not entered, in mm"
            value={grow().leakGuardMm!}
            min={0}
            max={100}
            step={0.5}
            unit="mm"
            onChange={(leakGuardMm) => void ui.run("tool.set", { grow: { leakGuardMm } })}
          />
        </Show>
      </div>
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
