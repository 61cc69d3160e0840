import { For, type JSX, Show } from "solid-js";
import { toggleClipBox } from "../actions.ts";
import { Check, NumberField, Range, Row } from "../parts/fields.tsx";
import { useUi } from "../ui-state.ts";

const AXES = [0, 1, 2] as const;

/** What of the volume is drawn: a box dragged on the planes, and a plane that cuts. */
export function ClipOptions(): JSX.Element {
  const ui = useUi();
  const volume = () => ui.view().volume;
  const dims = () => ui.study()?.description.grid.dims ?? [1, 1, 1];
  const change = (axis: 0 | 1 | 2, end: "min" | "max", value: number): void => {
    const box = volume().clipBox!;
    const next = {
      min: [...box.min] as [number, number, number],
      max: [...box.max] as [number, number, number],
    };
    next[end][axis] = Math.round(value);
    void ui.run("view.set", { volume: { clipBox: next } });
  };
  return (
    <>
      <div class="checks">
        <Check label="Clip box" checked={volume().clipBox !== undefined} onChange={() => toggleClipBox(ui)} />
        <Check
          label="Cut by a plane"
          checked={volume().cut !== undefined}
          onChange={(on) =>
            void (on ? ui.run("view.cut", { facing: "camera" }) : ui.run("view.set", { volume: { clipPlane: null } }))
          }
        />
      </div>
      <Show when={volume().clipBox}>
        {(shown) => (
          <div class="box-fields">
            <For each={AXES}>
              {(axis) => (
                <div class="box-row">
                  <span class="muted">{"ijk"[axis]}</span>
                  <NumberField
                    label={`First voxel of the clip box along ${"ijk"[axis]}`}
                    value={shown().min[axis]}
                    min={0}
                    max={shown().max[axis] - 1}
                    step={1}
                    onChange={(value) => change(axis, "min", value)}
                  />
                  <span class="muted">to</span>
                  <NumberField
                    label={`Last voxel of the clip box along ${"ijk"[axis]}`}
                    value={shown().max[axis] - 1}
                    min={shown().min[axis]}
                    max={dims()[axis] - 1}
                    step={1}
                    onChange={(value) => change(axis, "max", value + 1)}
                  />
                </div>
              )}
            </For>
            <p class="muted panel-text">Navigate drags its sides and corners on the planes.</p>
          </div>
        )}
      </Show>
      <Show when={volume().cut}>
        {(cut) => (
          <>
            <Row label="Cut at">
              <Range
                label="Place of the cut along its normal"
                min={cut().fromMm}
                max={cut().toMm}
                step={(cut().toMm - cut().fromMm) / 400}
                value={cut().atMm}
                valueText={`${cut().atMm.toFixed(1)} mm`}
                onInput={(atMm) => void ui.run("view.cut", { atMm })}
              />
              <span class="numbers row-value">{cut().atMm.toFixed(1)} mm</span>
            </Row>
            <div class="transfer-buttons">
              <button
                type="button"
                class="button button-small"
                title="At the crosshair, facing the camera"
                onClick={() => void ui.run("view.cut", { facing: "camera" })}
              >
                Face me
              </button>
              <button
                type="button"
                class="button button-small"
                title="Keep the other side"
                onClick={() => void ui.run("view.cut", { flip: true })}
              >
                Flip
              </button>
            </div>
          </>
        )}
      </Show>
    </>
  );
}
