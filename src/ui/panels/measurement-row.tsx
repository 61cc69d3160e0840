import { createEffect, For, type JSX, Show } from "solid-js";
import type { ShownMeasurement } from "#export";
import type { MeasurementKind } from "#labelmap";
import { mainText, measurementFacts } from "#session";
import { Icon } from "../parts/icon.tsx";
import { NameInput } from "../parts/name-input.tsx";
import { useUi } from "../ui-state.ts";
import { CurveOptions } from "./curve-options.tsx";

const KIND_NAMES: Readonly<Record<MeasurementKind, string>> = {
  distance: "Distance",
  angle: "Angle",
  rectangle: "Rectangle",
  ellipse: "Ellipse",
  probe: "Probe",
  path: "Path",
};

/** One measurement: shown, colour, kind, name, number, delete; of the selected one everything that is known. */
export function MeasurementRow(props: { readonly shown: ShownMeasurement; readonly selected: boolean }): JSX.Element {
  const ui = useUi();
  let row!: HTMLLIElement;
  const measurement = () => props.shown.measurement;
  const update = (change: { name?: string; color?: string; visible?: boolean }): void =>
    void ui.run("measurement.update", { ...change, id: measurement().id });
  createEffect(() => {
    if (props.selected) row.scrollIntoView({ block: "nearest" });
  });
  return (
    <li
      ref={row}
      class="measurement-item"
      classList={{ "segment-active": props.selected, "segment-hidden": !measurement().visible }}
      aria-current={props.selected ? "true" : undefined}
    >
      <div class="measurement-row">
        <button
          type="button"
          class="row-button"
          aria-label={`Show ${measurement().name}`}
          aria-pressed={measurement().visible}
          title={measurement().visible ? "Hide" : "Show"}
          onClick={() => update({ visible: !measurement().visible })}
        >
          <Icon name={measurement().visible ? "eye" : "eyeOff"} size={15} />
        </button>
        <input
          class="swatch"
          type="color"
          aria-label={`Colour of ${measurement().name}`}
          title="Colour"
          value={measurement().color}
          onChange={(event) => update({ color: event.currentTarget.value })}
        />
        <span class="measurement-kind" title={KIND_NAMES[measurement().kind]}>
          <Icon name={measurement().kind} size={14} />
        </span>
        <Show
          when={ui.renamingMeasurement() === measurement().id}
          fallback={
            <button
              type="button"
              class="segment-name"
              title="Go there. Double-click to rename"
              aria-label={measurement().name}
              aria-pressed={props.selected}
              onClick={() => void ui.run("measurement.select", { id: measurement().id, goTo: true })}
              onDblClick={() => ui.renameMeasurement(measurement().id)}
            >
              {measurement().name}
            </button>
          }
        >
          <NameInput
            name={measurement().name}
            onDone={(name) => {
              ui.renameMeasurement(undefined);
              if (name !== undefined) update({ name });
            }}
          />
        </Show>
        <span class="segment-size numbers">{mainText(props.shown)}</span>
        <button
          type="button"
          class="row-button row-button-danger"
          aria-label={`Delete ${measurement().name}`}
          title="Delete; undo brings it back"
          onClick={() => void ui.run("measurement.remove", { id: measurement().id })}
        >
          <Icon name="trash" size={14} />
        </button>
      </div>
      <Show when={props.selected}>
        <dl class="facts measurement-facts">
          <For each={measurementFacts(props.shown)}>
            {([term, what]) => (
              <>
                <dt>{term}</dt>
                <dd class="numbers">{what}</dd>
              </>
            )}
          </For>
        </dl>
        <Show when={measurement().kind === "path"}>
          <CurveOptions path={measurement().id} />
        </Show>
      </Show>
    </li>
  );
}
