import { For, type JSX, Show } from "solid-js";
import { Icon } from "../parts/icon.tsx";
import { useUi } from "../ui-state.ts";
import { adviceFor } from "./webgpu-advice.ts";

/** Says exactly why nothing can be drawn, what to do about it, and what still works. */
export function CapabilityNotice(): JSX.Element {
  const ui = useUi();
  const missing = () => {
    const webgpu = ui.capabilities()?.webgpu;
    return webgpu && !webgpu.ok ? webgpu : undefined;
  };
  return (
    <Show when={missing()}>
      {(state) => (
        <section class="capability" aria-label="WebGPU is missing" role="alert">
          <h2>
            <Icon name="error" size={20} />
            Volumes cannot be drawn here: WebGPU is missing
          </h2>
          <p>{state().reason}</p>
          <div class="capability-columns">
            <div>
              <h3>What to do</h3>
              <ul>
                <For each={adviceFor(state().kind, navigator.userAgent)}>
                  {(advice) => (
                    <li>
                      <strong>{advice.where}</strong> {advice.what}
                    </li>
                  )}
                </For>
              </ul>
            </div>
            <div>
              <h3>What still works</h3>
              <ul>
                <li>The list of studies with everything in it</li>
                <li>Opening a study without pictures: segments, history, verification</li>
                <li>Export of labels, statistics and the journal</li>
              </ul>
              <p class="muted">There is no slower way of drawing that this page falls back to.</p>
              <button type="button" class="button" onClick={() => location.reload()}>
                Check again
              </button>
            </div>
          </div>
        </section>
      )}
    </Show>
  );
}
