import { type JSX, Match, Show, Switch } from "solid-js";
import { Check, NumberField, Range, Row } from "../parts/fields.tsx";
import { Panel } from "../parts/panel.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { Icon } from "../parts/icon.tsx";
import type { VolumeChange } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ClipOptions } from "./clip-options.tsx";
import { PresetGallery } from "./preset-gallery.tsx";
import { TransferOptions } from "./transfer-options.tsx";
import { valueBounds } from "./value-bounds.ts";

/** How the volume view shows the volume. Nothing here changes data. */
export function VolumePanel(): JSX.Element {
  const ui = useUi();
  const view = () => ui.view();
  const volume = () => ui.view().volume;
  const set = (change: VolumeChange): void => void ui.run("view.set", { volume: change });
  const unit = (): string => ui.study()?.description.unit ?? "";
  return (
    <Panel
      name="volume"
      title="Volume"
      actions={
        <ButtonTip
          class="icon-button icon-button-small"
          label="Picture or movie"
          action="volume.picture"
          disabled={!ui.study()}
          onClick={() => ui.showDialog({ kind: "picture" })}
        >
          <Icon name="camera" size={16} />
        </ButtonTip>
      }
    >
      <div class="options">
        <Segmented
          label="Volume mode"
          value={view().volumeMode}
          options={[
            { value: "shaded", title: "Shaded", hint: "Opacity and colour by value" },
            { value: "iso", title: "Surface", hint: "Isosurface: where the image reaches a value" },
            { value: "mip", title: "MIP", hint: "Maximum intensity projection" },
            { value: "minip", title: "MinIP", hint: "Minimum intensity projection" },
            { value: "mean", title: "Mean", hint: "Mean intensity, as a radiograph" },
          ]}
          onChange={(volumeMode) => void ui.run("view.set", { volumeMode })}
        />
        <Switch>
          <Match when={view().volumeMode === "shaded"}>
            <PresetGallery />
            <TransferOptions />
          </Match>
          <Match when={view().volumeMode === "iso"}>
            <Row label="Value">
              <Range
                label="Value of the surface"
                min={valueBounds(ui).min}
                max={valueBounds(ui).max}
                step={(valueBounds(ui).max - valueBounds(ui).min) / 500 || 1}
                value={volume().isoLevel}
                onInput={(level) => set({ iso: { level: Number(level.toPrecision(5)) } })}
              />
              <NumberField
                label="Value of the surface, typed"
                value={volume().isoLevel}
                unit={unit()}
                onChange={(level) => set({ iso: { level } })}
              />
            </Row>
            <Row label="Opacity">
              <Range
                label="Opacity of the surface"
                min={0.05}
                max={1}
                step={0.01}
                value={volume().isoOpacity}
                valueText={`${Math.round(volume().isoOpacity * 100)}%`}
                onInput={(opacity) => set({ iso: { opacity } })}
              />
              <span class="numbers row-value">{Math.round(volume().isoOpacity * 100)}%</span>
            </Row>
          </Match>
          <Match when={true}>
            <Row label="Level, width">
              <NumberField
                label="Level of the projection"
                value={volume().window.center}
                onChange={(center) => set({ window: { center, width: volume().window.width } })}
              />
              <NumberField
                label="Width of the projection's window"
                value={volume().window.width}
                min={Number.MIN_VALUE}
                onChange={(width) => set({ window: { center: volume().window.center, width } })}
              />
              <span class="unit">{unit()}</span>
              <Show when={!volume().windowOwn}>
                <ButtonTip
                  class="icon-button icon-button-small"
                  label="Back to the window of this mode"
                  onClick={() => set({ window: null })}
                >
                  <Icon name="reset" size={16} />
                </ButtonTip>
              </Show>
            </Row>
          </Match>
        </Switch>
        <Row label="Quality">
          <Segmented
            label="Quality of the volume"
            value={volume().quality}
            options={[
              { value: "fast", title: "Fast", hint: "Bare colours, one picture" },
              { value: "standard", title: "Lit", hint: "Light by the gradient; up to four pictures averaged at rest" },
              { value: "high", title: "Ambient", hint: "Shade from around too; sixteen pictures averaged at rest" },
            ]}
            onChange={(quality) => set({ quality })}
          />
        </Row>
        <Row label="Labels">
          <Segmented
            label="Labels in 3D"
            value={view().labelsInVolume}
            options={[
              { value: "off", title: "Off", hint: "No labels in 3D" },
              { value: "volume", title: "Volume", hint: "Labelled voxels are coloured" },
              { value: "surfaces", title: "Surfaces", hint: "Segments as smooth surfaces, kept up with every change" },
            ]}
            onChange={(labelsInVolume) => void ui.run("view.set", { labelsInVolume })}
          />
        </Row>
        <Show when={view().labelsInVolume === "surfaces"}>
          <Row label="Smoothing">
            <Segmented
              label="Smoothing of surfaces"
              value={volume().surfaceSmoothing}
              options={[
                { value: "none", title: "None", hint: "Steps of voxels as they are labelled" },
                { value: "light", title: "Light", hint: "Steps rounded off, within half a voxel" },
                { value: "strong", title: "Strong", hint: "Smoother still, within half a voxel" },
              ]}
              onChange={(surfaceSmoothing) => set({ surfaceSmoothing })}
            />
          </Row>
        </Show>
        <div class="checks">
          <Check label="Image in 3D" checked={volume().image} onChange={(image) => set({ image })} />
          <Check label="Planes in 3D" checked={volume().planes} onChange={(planes) => set({ planes })} />
        </div>
        <ClipOptions />
      </div>
    </Panel>
  );
}
