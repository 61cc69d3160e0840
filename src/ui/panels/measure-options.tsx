import type { JSX } from "solid-js";
import type { MeasurementKind } from "#labelmap";
import type { IconName } from "../parts/icon.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { shortcutText } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";

interface KindOption {
  readonly value: MeasurementKind;
  readonly title: string;
  readonly icon: IconName;
  readonly how: string;
}

const KINDS: readonly KindOption[] = [
  { value: "distance", title: "Distance", icon: "distance", how: "Click both ends, or drag from one to the other." },
  { value: "angle", title: "Angle", icon: "angle", how: "Click an end, the vertex and the other end." },
  { value: "rectangle", title: "Rectangle", icon: "rectangle", how: "Click or drag from corner to corner." },
  { value: "ellipse", title: "Ellipse", icon: "ellipse", how: "Click or drag the corners of the box round it." },
  { value: "probe", title: "Probe", icon: "probe", how: "Click a place to read its value." },
  { value: "path", title: "Path", icon: "path", how: "Click along it; a double click or Enter ends it." },
];

/** What is measured, and how it is drawn. */
export function MeasureOptions(): JSX.Element {
  const ui = useUi();
  const kind = () => ui.tool().measure.kind;
  const chosen = () => KINDS.find(({ value }) => value === kind())!;
  const acrossPlanes = () => kind() === "distance" || kind() === "angle" || kind() === "path";
  return (
    <div class="options">
      <Segmented
        label="What is measured"
        value={kind()}
        options={KINDS.map(({ value, title, icon }) => ({
          value,
          title,
          icon,
          hint: `${title} (${shortcutText(`measure.${value}`)})`,
        }))}
        onChange={(value) => void ui.run("tool.set", { measure: { kind: value } })}
      />
      <p class="muted panel-text">
        {chosen().title}: {chosen().how}
        {acrossPlanes() ? " Between clicks you may scroll or go to another plane." : ""} Drag handles or lines to move
        them; Esc cancels, Delete deletes.
      </p>
    </div>
  );
}
