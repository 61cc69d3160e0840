import { createEffect, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";
import { Icon } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import type { PresetPicture } from "../ui-commands.ts";
import { useUi } from "../ui-state.ts";

const WIDTH = 96;
const HEIGHT = 72;
/** Until there are voxels to paint, pictures are asked for again after this, ms. */
const AGAIN_MS = 900;

/** Presets of the modality and saved ones, each with a small picture of this very volume. */
export function PresetGallery(): JSX.Element {
  const ui = useUi();
  const group = createUniqueId();
  const [saved, setSaved] = createSignal("");
  const volume = () => ui.view().volume;
  const chosen = (): string => (volume().edited ? (volume().saved.includes(saved()) ? saved() : "") : "");
  return (
    <div class="gallery" role="radiogroup" aria-label="Volume preset">
      <For each={ui.view().volumePresets.map(({ id }) => id)}>
        {(id) => {
          const title = (): string => ui.view().volumePresets.find((preset) => preset.id === id)?.title ?? id;
          return (
            <label class="gallery-item" title={title()}>
              <input
                type="radio"
                name={group}
                aria-label={title()}
                checked={!volume().edited && ui.view().volumePreset === id}
                onChange={() => void ui.run("view.set", { volumePreset: id })}
              />
              <PresetThumb preset={id} />
              <span class="gallery-title">{title()}</span>
            </label>
          );
        }}
      </For>
      <For each={volume().saved}>
        {(name) => (
          <label class="gallery-item gallery-saved" title={`${name}, saved`}>
            <input
              type="radio"
              name={group}
              aria-label={`${name}, saved`}
              checked={chosen() === name}
              onChange={() => {
                setSaved(name);
                void ui.run("volumePreset.apply", { name });
              }}
            />
            <PresetThumb name={name} />
            <span class="gallery-title">{name}</span>
            <ButtonTip
              class="icon-button icon-button-small gallery-remove"
              label={`Remove the saved preset ${name}`}
              onClick={() => void ui.run("volumePreset.remove", { name })}
            >
              <Icon name="close" size={12} />
            </ButtonTip>
          </label>
        )}
      </For>
      <Show when={ui.view().volumePresets.length === 0}>
        <p class="muted panel-text">Presets come with a study.</p>
      </Show>
    </div>
  );
}

function PresetThumb(props: { readonly preset?: string; readonly name?: string }): JSX.Element {
  const ui = useUi();
  let canvas!: HTMLCanvasElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;
  const paint = async (): Promise<void> => {
    const asked = { width: WIDTH, height: HEIGHT };
    const picture = (await ui.run(
      "volumePreset.picture",
      props.name === undefined ? { ...asked, preset: props.preset ?? "" } : { ...asked, name: props.name },
    )) as PresetPicture | null | undefined;
    if (gone) return;
    if (picture) {
      const pixels = new ImageData(picture.width, picture.height);
      pixels.data.set(picture.pixels);
      canvas.getContext("2d")?.putImageData(pixels, 0, 0);
    } else if (picture === null) timer = setTimeout(() => void paint(), AGAIN_MS);
  };
  createEffect(() => {
    clearTimeout(timer);
    if (ui.study()?.volumeId !== undefined) void paint();
  });
  onCleanup(() => {
    gone = true;
    clearTimeout(timer);
  });
  return <canvas ref={canvas} class="gallery-picture" width={WIDTH} height={HEIGHT} />;
}
