import { type JSX, Show } from "solid-js";
import { Check, NumberField, Range, Row, Select } from "../parts/fields.tsx";
import { Icon } from "../parts/icon.tsx";
import type { OverlayChange } from "../ui-commands.ts";
import type { OverlayState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";

/** One volume over the open one: shown, name, delete; its colours, window, opacity and frame. */
export function OverlayItem(props: { readonly overlay: OverlayState }): JSX.Element {
  const ui = useUi();
  const look = () => props.overlay.look;
  const name = (): string => props.overlay.description.name;
  const set = (change: Omit<OverlayChange, "overlay">): void =>
    void ui.run("overlay.set", { overlay: props.overlay.id, ...change });
  const presets = () => [
    { id: "auto", title: "Automatic", ...props.overlay.automatic },
    ...props.overlay.windowPresets.map(({ id, title, center, width }) => ({ id, title, center, width })),
  ];
  const preset = (): string => {
    const { center, width } = look().window;
    return presets().find((one) => one.center === center && one.width === width)?.id ?? "";
  };
  const step = (): number => stepOf(look().window.width);
  const id = (field: string): string => `overlay-${props.overlay.id}-${field}`;
  return (
    <li class="overlay-item" classList={{ "overlay-hidden": !look().visible }} aria-label={name()}>
      <div class="overlay-head">
        <button
          type="button"
          class="row-button"
          aria-label={`Show ${name()}`}
          aria-pressed={look().visible}
          title={look().visible ? "Hide (Y hides all)" : "Show"}
          onClick={() => set({ visible: !look().visible })}
        >
          <Icon name={look().visible ? "eye" : "eyeOff"} size={15} />
        </button>
        <span class="overlay-name" title={name()}>
          {name()}
        </span>
        <Show when={props.overlay.description.modality}>{(modality) => <span class="tag">{modality()}</span>}</Show>
        <button
          type="button"
          class="row-button row-button-danger"
          aria-label={`Remove ${name()}`}
          title="Remove from this study; it stays in the list of studies"
          onClick={() => void ui.run("overlay.remove", { overlay: props.overlay.id })}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      <Row label="Opacity">
        <Range
          label={`Opacity of ${name()}`}
          min={0}
          max={1}
          step={0.01}
          value={look().opacity}
          valueText={`${Math.round(look().opacity * 100)}%`}
          onInput={(opacity) => set({ opacity })}
        />
        <span class="numbers row-value">{Math.round(look().opacity * 100)}%</span>
      </Row>
      <Row label="Colours" for={id("lut")}>
        <Select
          id={id("lut")}
          label={`Colour table of ${name()}`}
          value={look().lut}
          options={ui.view().luts.map(({ id: lut, title }) => ({ value: lut, title }))}
          onChange={(lut) => set({ lut })}
        />
        <Check label="Invert" checked={look().invert} onChange={(invert) => set({ invert })} />
      </Row>
      <Row label="Window" for={id("window")}>
        <Select
          id={id("window")}
          label={`Window of ${name()}`}
          value={preset()}
          options={[
            ...(preset() === "" ? [{ value: "", title: "Custom" }] : []),
            ...presets().map((one) => ({ value: one.id, title: one.title })),
          ]}
          onChange={(chosen) => chosen !== "" && set({ preset: chosen })}
        />
        <Check
          label="Clear below"
          title="What lies below the window is not drawn, as for PET"
          checked={look().hideLow}
          onChange={(hideLow) => set({ hideLow })}
        />
      </Row>
      <Row label="Level, width">
        <NumberField
          label={`Window level of ${name()}`}
          value={roundTo(look().window.center, step())}
          step={step()}
          onChange={(center) => set({ window: { center } })}
        />
        <NumberField
          label={`Window width of ${name()}`}
          value={Math.max(roundTo(look().window.width, step()), Number.MIN_VALUE)}
          min={Number.MIN_VALUE}
          step={step()}
          onChange={(width) => set({ window: { width } })}
        />
        <span class="unit">{props.overlay.description.unit}</span>
      </Row>
      <Show when={props.overlay.description.frames > 1}>
        <Row label="Frame">
          <Range
            label={`Frame of ${name()}`}
            min={0}
            max={props.overlay.description.frames - 1}
            step={1}
            value={look().frame}
            valueText={`${look().frame + 1} of ${props.overlay.description.frames}`}
            onInput={(frame) => set({ frame })}
          />
          <span class="numbers row-value">
            {look().frame + 1} / {props.overlay.description.frames}
          </span>
        </Row>
      </Show>
    </li>
  );
}

/** A step of about a hundredth of a window. */
function stepOf(width: number): number {
  return 10 ** Math.floor(Math.log10(width) - 1);
}

/** An automatic window has digits that no one set: as many as a tenth of a step are shown. */
function roundTo(value: number, step: number): number {
  return Math.round(value / (step / 10)) * (step / 10);
}
