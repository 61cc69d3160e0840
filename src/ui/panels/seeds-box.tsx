import { For, type JSX, Show } from "solid-js";
import { Check, NumberField } from "../parts/fields.tsx";
import { useUi } from "../ui-state.ts";

const AXES = [0, 1, 2] as const;

/** The box that growth from seeds stays in: found from the sketches, dragged on the planes, or typed. */
export function SeedsBox(): JSX.Element {
  const ui = useUi();
  const box = () => ui.tool().seeds.box;
  const dims = () => ui.study()?.description.grid.dims ?? [1, 1, 1];
  const change = (axis: 0 | 1 | 2, end: "min" | "max", value: number): void => {
    const changed = [...box()![end]] as [number, number, number];
    changed[axis] = Math.round(value);
    void ui.run("tool.set", { seeds: { box: { ...box()!, [end]: changed } } });
  };
  return (
    <>
      <div class="row-pair">
        <Check
          label="Only in a box"
          checked={box() !== undefined}
          onChange={(on) => void (on ? ui.run("tool.fitBox", {}) : ui.run("tool.set", { seeds: { box: null } }))}
        />
        <Show when={box()}>
          <button type="button" class="button button-small" onClick={() => void ui.run("tool.fitBox", {})}>
            Fit to the sketches
          </button>
        </Show>
      </div>
      <Show when={box()}>
        {(shown) => (
          <div class="box-fields">
            <For each={AXES}>
              {(axis) => (
                <div class="box-row">
                  <span class="muted">{"ijk"[axis]}</span>
                  <NumberField
                    label={`First voxel of the box along ${"ijk"[axis]}`}
                    value={shown().min[axis]}
                    min={0}
                    max={shown().max[axis] - 1}
                    step={1}
                    onChange={(value) => change(axis, "min", value)}
                  />
                  <span class="muted">to</span>
                  <NumberField
                    label={`Last voxel of the box along ${"ijk"[axis]}`}
                    value={shown().max[axis] - 1}
                    min={shown().min[axis]}
                    max={dims()[axis] - 1}
                    step={1}
                    onChange={(value) => change(axis, "max", value + 1)}
                  />
                </div>
              )}
            </For>
            <p class="muted panel-text">Drag its sides and corners on the planes.</p>
          </div>
        )}
      </Show>
    </>
  );
}
