import { createMemo, type JSX, Show } from "solid-js";
import { brushRange, roundRadius, scaleOf } from "../brush-size.ts";
import { formatMm } from "../format.ts";
import { Check, NumberField, Range, Row } from "../parts/fields.tsx";
import { RangePair } from "../parts/range-pair.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { OverRule } from "./over-rule.tsx";
import { maskSwitched } from "../mask-switched.ts";
import { valueBounds } from "./value-bounds.ts";

/** Size, shape, mask and rules of brush and eraser. */
export function BrushOptions(): JSX.Element {
  const ui = useUi();
  const scale = createMemo(() => scaleOf(ui));
  const range = () => brushRange(scale());
  const brush = () => ui.tool().brush;
  const mask = () => ui.tool().mask;
  const setRadius = (radiusMm: number): void => void ui.run("tool.set", { brush: { radiusMm } });
  return (
    <div class="options">
      <ActiveTarget />
      <Row label="Radius">
        <Range
          label="Brush radius"
          min={Math.log(range().first)}
          max={Math.log(range().last)}
          step={0.05}
          value={Math.log(brush().radiusMm)}
          valueText={formatMm(brush().radiusMm)}
          onInput={(log) => setRadius(roundRadius(Math.exp(log), scale()))}
        />
        <NumberField
          label="Brush radius in mm"
          value={brush().radiusMm}
          min={range().least}
          max={range().greatest}
          step={range().least}
          unit="mm"
          onChange={setRadius}
        />
      </Row>
      <Row label="Shape">
        <Segmented
          label="Brush shape"
          value={brush().shape}
          options={[
            { value: "disc", title: "Disc", hint: "In the plane of the view" },
            { value: "sphere", title: "Sphere", hint: "In 3D, over the slices around" },
          ]}
          onChange={(shape) => void ui.run("tool.set", { brush: { shape } })}
        />
      </Row>
      <Show when={ui.tool().active === "brush"}>
        <OverRule />
      </Show>
      <Check
        label="Only in an intensity range"
        checked={mask().on}
        onChange={(on) => void ui.run("tool.set", { mask: maskSwitched(ui, on) })}
      />
      <Show when={mask().on}>
        <RangePair
          label="Intensity range"
          low={mask().low}
          high={mask().high}
          min={valueBounds(ui).min}
          max={valueBounds(ui).max}
          unit={ui.study()?.description.unit ?? ""}
          onChange={(low, high) => void ui.run("tool.set", { mask: { low, high } })}
        />
      </Show>
    </div>
  );
}
