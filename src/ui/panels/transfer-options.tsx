import { createResource, createSignal, type JSX, Show } from "solid-js";
import { Check, NumberField } from "../parts/fields.tsx";
import { Icon } from "../parts/icon.tsx";
import { RangePair } from "../parts/range-pair.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { type CurvePoint, fromHex, movePoint, removePoint, toHex } from "../parts/transfer-curve.ts";
import { TransferEditor } from "../parts/transfer-editor.tsx";
import { useUi } from "../ui-state.ts";
import { valueBounds } from "./value-bounds.ts";
import { volumeHistogram } from "./volume-histogram.ts";

const BINS = 256;

/** The transfer function: points over the histogram, the point in hand as numbers, opacity by gradient, keeping it by name. */
export function TransferOptions(): JSX.Element {
  const ui = useUi();
  const volume = () => ui.view().volume;
  const unit = (): string => ui.study()?.description.unit ?? "";
  const [selected, setSelected] = createSignal(0);
  const [name, setName] = createSignal<string | undefined>();
  const at = (): number => Math.min(selected(), volume().points.length - 1);
  const point = (): CurvePoint | undefined => volume().points[at()];
  const [histogram] = createResource(
    // The values are counted once the study is whole.
    () => (ui.study()?.valueRange || ui.study()?.inParts ? ui.study()?.volumeId : undefined),
    () => volumeHistogram(ui, BINS),
  );
  const ends = (): readonly [number, number] => {
    const counted = histogram();
    if (!counted) return [valueBounds(ui).min, valueBounds(ui).max];
    return [counted.first - counted.step / 2, counted.first + (counted.counts.length - 0.5) * counted.step];
  };
  const set = (
    points: readonly CurvePoint[],
    gradientOpacity: { readonly from: number; readonly to: number } | undefined = volume().gradientOpacity,
  ): void => {
    const plain = points.map(({ value, opacity, color }) => ({
      value,
      opacity,
      color: [color[0], color[1], color[2]] as [number, number, number],
    }));
    const transfer = gradientOpacity ? { points: plain, gradientOpacity: { ...gradientOpacity } } : { points: plain };
    void ui.run("view.set", { volume: { transfer } });
  };
  const change = (part: Partial<CurvePoint>): void =>
    set(volume().points.map((one, n) => (n === at() ? { ...one, ...part } : one)));
  const span = (): number => Math.max(ends()[1] - ends()[0], 1e-6);
  const save = (): void => {
    const given = name()?.trim();
    if (given) void ui.run("volumePreset.save", { name: given });
    setName(undefined);
  };
  return (
    <>
      <TransferEditor
        points={volume().points}
        counts={histogram()?.counts}
        from={ends()[0]}
        to={ends()[1]}
        unit={unit()}
        selected={at()}
        onSelect={setSelected}
        onChange={(points) => set(points)}
      />
      <Show when={point()}>
        {(shown) => (
          <div class="transfer-point-row">
            <input
              class="transfer-color"
              type="color"
              aria-label="Colour of the point"
              title="Colour of the point"
              value={toHex(shown().color)}
              onInput={(event) => change({ color: fromHex(event.currentTarget.value) })}
            />
            <NumberField
              label="Value of the point"
              value={shown().value}
              unit={unit()}
              onChange={(value) => set(movePoint(volume().points, at(), value, shown().opacity))}
            />
            <NumberField
              label="Opacity of the point, percent"
              value={shown().opacity * 100}
              min={0}
              max={100}
              unit="%"
              onChange={(percent) => change({ opacity: percent / 100 })}
            />
            <ButtonTip
              class="icon-button icon-button-small"
              label="Remove the point"
              hint="Delete on a point does the same; two points stay."
              disabled={volume().points.length <= 2}
              onClick={() => {
                set(removePoint(volume().points, at()));
                setSelected(Math.max(at() - 1, 0));
              }}
            >
              <Icon name="trash" size={16} />
            </ButtonTip>
          </div>
        )}
      </Show>
      <Check
        label="Opacity by gradient"
        checked={volume().gradientOpacity !== undefined}
        onChange={(on) =>
          on ? set(volume().points, { from: 0, to: Number((span() / 20).toPrecision(2)) }) : setWithout()
        }
      />
      <Show when={volume().gradientOpacity}>
        {(edge) => (
          <RangePair
            label="Gradient from nothing to full opacity"
            low={edge().from}
            high={edge().to}
            min={0}
            max={Number((span() / 5).toPrecision(2))}
            unit={`${unit()}/mm`}
            onChange={(from, to) => to > from && set(volume().points, { from, to })}
          />
        )}
      </Show>
      <div class="transfer-buttons">
        <Show
          when={name() !== undefined}
          fallback={
            <>
              <button
                type="button"
                class="button button-small"
                disabled={!volume().edited}
                onClick={() => void ui.run("view.set", { volume: { transfer: null } })}
              >
                Back to the preset
              </button>
              <button type="button" class="button button-small" onClick={() => setName("")}>
                Save as…
              </button>
            </>
          }
        >
          <input
            class="text-field"
            type="text"
            aria-label="Name of the preset"
            placeholder="Name of the preset"
            maxLength={60}
            ref={(field) => queueMicrotask(() => field.focus())}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") save();
              if (event.key === "Escape") setName(undefined);
            }}
          />
          <button type="button" class="button button-small" disabled={!name()?.trim()} onClick={save}>
            Save
          </button>
        </Show>
      </div>
    </>
  );

  function setWithout(): void {
    const points = volume().points.map(({ value, opacity, color }) => ({
      value,
      opacity,
      color: [color[0], color[1], color[2]] as [number, number, number],
    }));
    void ui.run("view.set", { volume: { transfer: { points } } });
  }
}
