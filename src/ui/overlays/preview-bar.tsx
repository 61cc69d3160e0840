import { type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { formatCount, formatMl } from "../format.ts";
import { Keys } from "../parts/keys.tsx";
import { ProgressBar } from "../parts/progress.tsx";
import { useUi } from "../ui-state.ts";

/** What a tool proposes: its size, accept, cancel. */
export function PreviewBar(): JSX.Element {
  const ui = useUi();
  return (
    <Show when={ui.preview()}>
      {(preview) => (
        <section class="preview-bar" aria-label="Preview">
          <div class="preview-text">
            <strong>{preview().title}</strong>
            <span class="numbers">
              <Show when={preview().voxels !== undefined} fallback={<span class="muted">computing…</span>}>
                {formatCount(preview().voxels!)} voxels
                <Show when={preview().ml !== undefined}> · {formatMl(preview().ml!)}</Show>
              </Show>
            </span>
            <Show when={preview().busy}>
              <span class="preview-progress">
                <ProgressBar label="Preview progress" fraction={preview().fraction} />
              </span>
            </Show>
          </div>
          <Show when={preview().note}>
            <p class="preview-note">{preview().note}</p>
          </Show>
          <div class="preview-buttons">
            <button type="button" class="button" onClick={() => act(ui, "preview.cancel")}>
              Cancel <Keys action="preview.cancel" />
            </button>
            <button
              type="button"
              class="button button-primary"
              disabled={preview().busy}
              onClick={() => act(ui, "preview.accept")}
            >
              Accept <Keys action="preview.accept" />
            </button>
          </div>
        </section>
      )}
    </Show>
  );
}
