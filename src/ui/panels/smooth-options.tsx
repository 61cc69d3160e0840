import type { JSX } from "solid-js";
import { NumberField, Row, Select } from "../parts/fields.tsx";
import type { ToolState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ComputeButton } from "./compute-button.tsx";
import { ScopeRow } from "./scope-row.tsx";

type Method = ToolState["smooth"]["method"];

const METHODS: readonly {
  readonly value: Method;
  readonly title: string;
  readonly size: string;
  readonly hint: string;
}[] = [
  {
    value: "median",
    title: "Median",
    size: "Box edge",
    hint: "Takes away specks and fills dents: what most of a box around a voxel is.",
  },
  {
    value: "open",
    title: "Open: remove what is thin",
    size: "Ball radius",
    hint: "Takes away what a ball does not fit into.",
  },
  {
    value: "close",
    title: "Close: bridge gaps",
    size: "Ball radius",
    hint: "Fills what a ball outside does not fit into.",
  },
  {
    value: "gaussian",
    title: "Gaussian",
    size: "Standard deviation",
    hint: "Each segment by itself; rounds corners, may part neighbours.",
  },
  {
    value: "joint",
    title: "Joint: all together",
    size: "Standard deviation",
    hint: "All segments at once; borders between neighbours stay closed.",
  },
];

/** How borders are smoothed. */
export function SmoothOptions(): JSX.Element {
  const ui = useUi();
  const smooth = () => ui.tool().smooth;
  const method = () => METHODS.find(({ value }) => value === smooth().method)!;
  const set = (change: Partial<ToolState["smooth"]>): void => void ui.run("tool.set", { smooth: change });
  return (
    <div class="options">
      <Row label="Method" for="smooth-method">
        <Select
          id="smooth-method"
          label="Smoothing method"
          value={smooth().method}
          options={METHODS}
          onChange={(value) => set(value === "joint" ? { method: value, segments: "all" } : { method: value })}
        />
      </Row>
      <p class="muted panel-text">{method().hint}</p>
      <Row label={method().size}>
        <NumberField
          label={`${method().size} in mm`}
          value={smooth().mm}
          min={0.1}
          max={50}
          step={0.5}
          unit="mm"
          onChange={(mm) => set({ mm })}
        />
      </Row>
      <ScopeRow value={smooth().segments} onChange={(segments) => set({ segments })} />
      <ComputeButton label="Smooth" disabled={ui.segments().length === 0} />
    </div>
  );
}
