import { createMemo, For, type JSX, Show } from "solid-js";
import { formatPercent } from "../format.ts";
import type { JobState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ProgressBar } from "./progress.tsx";

/** Running jobs, a line each: what, how far, and a cancel. A line stays while its job does, so that its button can be pressed. */
export function JobLines(props: { readonly fallback?: JSX.Element }): JSX.Element {
  const ui = useUi();
  const ids = (): string[] => ui.jobs().map(({ id }) => id);
  return (
    <For each={ids()} fallback={props.fallback}>
      {(id) => {
        const job = createMemo(() => ui.jobs().find((one) => one.id === id));
        return <Show when={job()}>{(shown) => <JobLine job={shown()} />}</Show>;
      }}
    </For>
  );
}

function JobLine(props: { readonly job: JobState }): JSX.Element {
  const ui = useUi();
  return (
    <span class="status-job">
      <ProgressBar label={props.job.what} fraction={props.job.fraction} />
      <span class="status-text">{props.job.what}</span>
      <Show when={props.job.fraction !== undefined}>
        <span class="muted numbers">{formatPercent(props.job.fraction!)}</span>
      </Show>
      <Show when={props.job.cancellable}>
        <button
          type="button"
          class="mini-button"
          aria-label={`Cancel: ${props.job.what}`}
          onClick={() => void ui.run("job.cancel", { id: props.job.id })}
        >
          Cancel
        </button>
      </Show>
    </span>
  );
}
