import { For, type JSX, Show } from "solid-js";
import { Check, NumberField, Row } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ToolChange } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ComputeButton } from "./compute-button.tsx";
import { SeedsBox } from "./seeds-box.tsx";

/** How the volume is divided between sketched segments. */
export function SeedsOptions(): JSX.Element {
  const ui = useUi();
  const seeds = () => ui.tool().seeds;
  const set = (change: ToolChange["seeds"]): void => void ui.run("tool.set", { seeds: change });
  const free = () => ui.segments().filter(({ locked }) => !locked);
  const unit = (): string => ui.study()?.description.unit ?? "";
  return (
    <div class="options">
      <p class="muted panel-text">
        Sketch each structure with its own segment, and one segment for everything else. Every voxel then goes to the
        sketch from which the image changes least on the way. Add strokes where it is wrong and compute again.
      </p>
      <Row label="Neighbours">
        <Segmented
          label="Neighbours that a way may go through"
          value={seeds().connectivity}
          options={[
            { value: 6, title: "6", hint: "Across faces: faster" },
            { value: 26, title: "26", hint: "Across faces, edges and corners: rounder where the image is flat" },
          ]}
          onChange={(connectivity) => set({ connectivity })}
        />
      </Row>
      <div class="row-pair">
        <Check
          label="Set what distance counts"
          checked={seeds().spatialWeight !== undefined}
          onChange={(on) => set({ spatialWeight: on ? 2 : null })}
        />
        <Show when={seeds().spatialWeight !== undefined}>
          <NumberField
            label="Value that counts as much as a millimetre of way"
            value={seeds().spatialWeight!}
            min={0}
            step={0.5}
            unit={`${unit()} / mm`}
            onChange={(spatialWeight) => set({ spatialWeight })}
          />
        </Show>
      </div>
      <SeedsBox />
      <Show when={free().length > 1}>
        <details class="more">
          <summary>Hold segments back</summary>
          <p class="muted panel-text">A segment starts behind the others by this value; 0 holds nothing back.</p>
          <For each={free()}>
            {(segment) => (
              <Row label={segment.name}>
                <NumberField
                  label={`By how much ${segment.name} is held back`}
                  value={seeds().bias[segment.value] ?? 0}
                  min={0}
                  step={10}
                  unit={unit()}
                  onChange={(value) => set({ bias: { ...seeds().bias, [segment.value]: value } })}
                />
              </Row>
            )}
          </For>
        </details>
      </Show>
      <Show when={free().length < 2}>
        <p class="warning-text panel-text">Two segments that are not locked are needed.</p>
      </Show>
      <ComputeButton label="Grow from seeds" disabled={free().length < 2} />
    </div>
  );
}
