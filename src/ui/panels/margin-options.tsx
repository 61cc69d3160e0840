import { type JSX, Show } from "solid-js";
import { NumberField, Row } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ToolState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ComputeButton } from "./compute-button.tsx";
import { OverRule } from "./over-rule.tsx";
import { ScopeRow } from "./scope-row.tsx";

const LABELS = { grow: "Grow the margin", shrink: "Shrink the margin", shell: "Leave a shell" } as const;

/** By how much segments grow or shrink, or the shell that stays of them. */
export function MarginOptions(): JSX.Element {
  const ui = useUi();
  const margin = () => ui.tool().margin;
  const set = (change: Partial<ToolState["margin"]>): void => void ui.run("tool.set", { margin: change });
  return (
    <div class="options">
      <Row label="Do">
        <Segmented
          label="What is done with the margin"
          value={margin().mode}
          options={[
            { value: "grow", title: "Grow" },
            { value: "shrink", title: "Shrink" },
            { value: "shell", title: "Shell", hint: "Hollow the segment and leave its wall" },
          ]}
          onChange={(mode) => set({ mode })}
        />
      </Row>
      <Row label={margin().mode === "shell" ? "Thickness" : "By"}>
        <NumberField
          label={margin().mode === "shell" ? "Thickness of the shell in mm" : "Margin in mm"}
          value={margin().mm}
          min={0.1}
          max={200}
          step={0.5}
          unit="mm"
          onChange={(mm) => set({ mm })}
        />
      </Row>
      <Show when={margin().mode === "shell"}>
        <Row label="Wall">
          <Segmented
            label="Where the shell lies"
            value={margin().side}
            options={[
              { value: "inside", title: "Inside", hint: "Within the border" },
              { value: "middle", title: "Middle", hint: "Half on either side of the border" },
              { value: "outside", title: "Outside", hint: "Around the border" },
            ]}
            onChange={(side) => set({ side })}
          />
        </Row>
      </Show>
      <ScopeRow value={margin().segments} onChange={(segments) => set({ segments })} />
      <Show when={margin().mode !== "shrink"}>
        <OverRule />
      </Show>
      <ComputeButton label={LABELS[margin().mode]} disabled={ui.segments().length === 0} />
    </div>
  );
}
