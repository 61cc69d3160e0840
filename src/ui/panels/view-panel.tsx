import { type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { Check, NumberField, Range, Row, Select } from "../parts/fields.tsx";
import { Panel } from "../parts/panel.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ViewChange } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { OverlayList } from "./overlay-list.tsx";
import { SlabOptions } from "./slab-options.tsx";
import { valueBounds } from "./value-bounds.ts";
import { WindowPreset } from "./window-preset.tsx";

/** How the image and the labels are shown. Nothing here changes data. */
export function ViewPanel(): JSX.Element {
  const ui = useUi();
  const view = () => ui.view();
  const set = (change: ViewChange): void => void ui.run("view.set", change);
  const unit = (): string => ui.study()?.description.unit ?? "";
  return (
    <Panel name="view" title="View">
      <div class="options">
        <Row label="Layout">
          <Segmented
            label="Layout"
            value={view().layout}
            options={[
              { value: "grid", title: "Three planes and volume", icon: "layoutGrid" },
              { value: "axial", title: "Axial", icon: "layoutAxial" },
              { value: "coronal", title: "Coronal", icon: "layoutCoronal" },
              { value: "sagittal", title: "Sagittal", icon: "layoutSagittal" },
              { value: "volume", title: "Volume", icon: "layoutVolume" },
            ]}
            onChange={(layout) => set({ layout })}
          />
        </Row>
        <Show when={view().frames > 1}>
          <Row label="Frame">
            <Range
              label="Frame"
              min={0}
              max={view().frames - 1}
              step={1}
              value={view().frame}
              valueText={`${view().frame + 1} of ${view().frames}`}
              onInput={(frame) => set({ frame })}
            />
            <span class="numbers row-value">
              {view().frame + 1} / {view().frames}
            </span>
          </Row>
        </Show>
        <WindowPreset />
        <Row label="Level, width">
          <NumberField
            label="Window level"
            value={roundTo(view().window.center, stepOf(valueBounds(ui)))}
            step={stepOf(valueBounds(ui))}
            onChange={(center) => set({ window: { center } })}
          />
          <NumberField
            label="Window width"
            value={Math.max(roundTo(view().window.width, stepOf(valueBounds(ui))), Number.MIN_VALUE)}
            min={Number.MIN_VALUE}
            step={stepOf(valueBounds(ui))}
            onChange={(width) => set({ window: { width } })}
          />
          <span class="unit">{unit()}</span>
        </Row>
        <Row label="Colours" for="lut">
          <Select
            id="lut"
            label="Colour table"
            value={view().lut}
            options={view().luts.map(({ id, title }) => ({ value: id, title }))}
            onChange={(lut) => set({ lut })}
          />
          <Check label="Invert" checked={view().invert} onChange={(invert) => set({ invert })} />
        </Row>
        <Row label="Pixels">
          <Segmented
            label="Values between voxels"
            value={view().interpolation}
            options={[
              { value: "nearest", title: "Voxels", hint: "Each pixel shows the nearest voxel" },
              { value: "linear", title: "Linear", hint: "Between the eight voxels around" },
              { value: "cubic", title: "Cubic", hint: "Through the 64 voxels around: sharper edges, slower" },
            ]}
            onChange={(interpolation) => set({ interpolation })}
          />
        </Row>
        <Row label="Planes">
          <Segmented
            label="What the planes follow"
            value={view().orientation.base}
            options={[
              { value: "voxel", title: "Voxels", hint: "Along the voxel axes: a picture is an acquired slice" },
              { value: "patient", title: "Patient", hint: "Axial, coronal and sagittal in the patient, resampled" },
            ]}
            onChange={(base) => set({ orientation: { base } })}
          />
          <button
            type="button"
            class="button button-small"
            title="Turn the planes back (Shift+R)"
            disabled={view().orientation.straight}
            onClick={() => act(ui, "view.straighten")}
          >
            Straighten
          </button>
        </Row>
        <Row label="Labels">
          <Range
            label="Label opacity"
            min={0}
            max={1}
            step={0.01}
            value={view().labelOpacity}
            valueText={`${Math.round(view().labelOpacity * 100)}%`}
            onInput={(labelOpacity) => set({ labelOpacity })}
          />
          <span class="numbers row-value">{Math.round(view().labelOpacity * 100)}%</span>
        </Row>
        <div class="checks">
          <Check label="Outlines" checked={view().labelOutline} onChange={(labelOutline) => set({ labelOutline })} />
          <Check
            label="Highlight"
            title="The segment under the pointer is drawn stronger"
            checked={view().labelHighlight}
            onChange={(labelHighlight) => set({ labelHighlight })}
          />
        </div>
        <Show when={view().slab}>{(slab) => <SlabOptions slab={slab()} />}</Show>
        <OverlayList />
      </div>
    </Panel>
  );
}

function stepOf({ min, max }: { readonly min: number; readonly max: number }): number {
  return max - min >= 100 ? 1 : 10 ** Math.floor(Math.log10((max - min || 1) / 200));
}

/** A dragged window has digits that no one set: as many as a tenth of a step are shown. */
function roundTo(value: number, step: number): number {
  return Math.round(value / (step / 10)) * (step / 10);
}
