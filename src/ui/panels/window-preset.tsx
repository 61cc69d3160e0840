import { type JSX, Show } from "solid-js";
import { Row, Select } from "../parts/fields.tsx";
import { useUi } from "../ui-state.ts";

/** Window presets that fit the modality; a window of one's own shows as such. */
export function WindowPreset(): JSX.Element {
  const ui = useUi();
  const presets = () => ui.view().windowPresets;
  const current = (): string => {
    const { window, windowAutomatic } = ui.view();
    if (windowAutomatic) return "auto";
    const { center, width } = window;
    return presets().find((preset) => preset.center === center && preset.width === width)?.id ?? "";
  };
  return (
    <Show when={presets().length > 0}>
      <Row label="Window" for="window-preset">
        <Select
          id="window-preset"
          label="Window preset"
          value={current()}
          options={[
            ...(current() === "" ? [{ value: "", title: "Custom" }] : []),
            ...presets().map(({ id, title, center, width }) => ({
              value: id,
              title: center === undefined || width === undefined ? title : `${title}  (${center} / ${width})`,
            })),
          ]}
          onChange={(preset) => preset !== "" && void ui.run("view.set", { preset })}
        />
      </Row>
    </Show>
  );
}
