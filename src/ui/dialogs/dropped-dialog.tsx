import { For, type JSX, Show } from "solid-js";
import type { SourceFile } from "#sources";
import { MOST_OVERLAYS } from "#views";
import type { ChosenFiles } from "../chosen-files.ts";
import { countOf, formatBytes } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

/** Files named in the list before it is cut short. */
const SHOWN = 5;

/** Files were dropped while a study is open: labels for this one, a scan over it, or a new study. */
export function DroppedDialog(props: {
  readonly chosen: ChosenFiles;
  /** The same, walked. */
  readonly files: readonly SourceFile[];
}): JSX.Element {
  const ui = useUi();
  const close = (): void => ui.showDialog(undefined);
  const bytes = (): number => props.files.reduce((sum, file) => sum + file.blob.size, 0);
  const run = (command: "study.open" | "overlay.add"): void => {
    close();
    void ui.run(command, { ...props.chosen, spacingMm: "ask" });
  };
  const importLabels = (): void => {
    close();
    void ui.run("label.import", { files: props.files });
  };
  return (
    <Modal
      title={`What are these ${countOf(props.files.length, "file")}?`}
      size="medium"
      onClose={close}
      footer={
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
      }
    >
      <ul class="file-names">
        <For each={props.files.slice(0, SHOWN)}>{(file) => <li>{file.name}</li>}</For>
        <Show when={props.files.length > SHOWN}>
          <li class="muted">and {props.files.length - SHOWN} more</li>
        </Show>
        <li class="muted numbers">{formatBytes(bytes())}</li>
      </ul>
      <div class="choices">
        <button type="button" class="choice" aria-label="Import as labels on this study" onClick={importLabels}>
          <Icon name="brush" size={22} />
          <span>
            <strong>Import as labels on this study</strong>
            <span class="muted">
              A labelmap of {ui.study()?.description.name ?? "the open scan"}. On another grid each voxel takes the
              nearest label, and that is said.
            </span>
          </span>
        </button>
        <button
          type="button"
          class="choice"
          aria-label="Show over this volume"
          disabled={ui.overlays().length >= MOST_OVERLAYS}
          onClick={() => run("overlay.add")}
        >
          <Icon name="overlay" size={22} />
          <span>
            <strong>Show over this volume</strong>
            <span class="muted">
              <Show
                when={ui.overlays().length < MOST_OVERLAYS}
                fallback="Two volumes are shown over this one already: remove one in the panel View."
              >
                Another scan of the same place, as PET over CT, in colours; it joins the list of studies.
              </Show>
            </span>
          </span>
        </button>
        <button type="button" class="choice" aria-label="Open as new study" onClick={() => run("study.open")}>
          <Icon name="layoutVolume" size={22} />
          <span>
            <strong>Open as new study</strong>
            <span class="muted">The open study is closed; all of it is saved and stays in the list.</span>
          </span>
        </button>
      </div>
    </Modal>
  );
}
