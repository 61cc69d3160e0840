import { type JSX, Show } from "solid-js";
import { formatCount, formatTimestamp } from "../format.ts";
import type { HistoryEntry } from "../ui-port.ts";

/** One journal entry: number, what was done, how much it changed, when and by whom. */
export function HistoryRow(props: { readonly entry: HistoryEntry }): JSX.Element {
  const entry = () => props.entry;
  const source = (): string => (entry().source === "user" ? "" : ` · ${entry().source}`);
  return (
    <li
      classList={{ "history-undone": entry().undone }}
      title={`${formatTimestamp(entry().time)} · ${entry().author} · ${entry().command}${source()}`}
    >
      <span class="history-sequence numbers">{entry().sequence}</span>
      <span class="history-title">
        {entry().title}
        <Show when={entry().undone}>
          <span class="muted"> (undone)</span>
        </Show>
      </span>
      <span class="history-voxels numbers">
        <Show when={entry().changedVoxels > 0}>{formatCount(entry().changedVoxels)} vx</Show>
      </span>
      <span class="history-meta">
        {formatTimestamp(entry().time)} · {entry().author || "no name"}
        {source()}
      </span>
    </li>
  );
}
