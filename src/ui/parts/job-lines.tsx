import { For, type JSX, Show } from "solid-js";
import { formatPercent } from "../format.ts";
import { useUi } from "../ui-state.ts";
import { ProgressBar } from "./progress.tsx";

/** Running jobs, a line each: what, how far, and a cancel. */
export function JobLines(props: { readonly fallback?: JSX.Element }): JSX.Element {
  const ui = useUi();
  return (
    <For each={ui.jobs()} fallback={props.fallback}>
      {(job) => (
        <span class="status-job">
          <ProgressBar label={job.what} fraction={job.fraction} />
          <span class="status-text">{job.what}</span>
          <Show when={job.fraction !== undefined}>
            <span class="muted numbers">{formatPercent(job.fraction!)}</span>
          </Show>
          <Show when={job.cancellable}>
            <button
              type="button"
              class="mini-button"
              aria-label={`Cancel: ${job.what}`}
              onClick={() => void ui.run("job.cancel", { id: job.id })}
            >
              Cancel
            </button>
          </Show>
        </span>
      )}
    </For>
  );
}
