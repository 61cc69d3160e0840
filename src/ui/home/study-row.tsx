import { type JSX, Show } from "solid-js";
import type { StudyRecord } from "#storage";
import { ImageGrid } from "#volume";
import { formatBytes, formatDims, formatSpacing, formatWhen } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { useUi } from "../ui-state.ts";

/** One study: a wide button that opens it, and delete. */
export function StudyRow(props: { readonly study: StudyRecord }): JSX.Element {
  const ui = useUi();
  const description = () => props.study.description;
  const remove = (): void => {
    ui.showDialog({
      kind: "confirm",
      confirm: {
        title: `Delete ${description().name}?`,
        text: "This cannot be undone. The files that it was opened from stay untouched.",
        lost: [
          "all labels of this study, unless you have exported them",
          "its whole history: undo, authors, signatures",
          `the cached scan, ${formatBytes(props.study.bytes)}`,
        ],
        action: "Delete study",
        run: () => void ui.run("study.remove", { volumeId: props.study.volumeId }),
      },
    });
  };
  return (
    <li class="study-row">
      <button
        type="button"
        class="study-open"
        aria-label={`Open ${description().name}`}
        onClick={() => void ui.run("study.reopen", { volumeId: props.study.volumeId })}
      >
        <span class="thumbnail">
          <Show when={props.study.thumbnail}>{(source) => <img src={source()} alt="" />}</Show>
        </span>
        <span class="study-row-text">
          <span class="study-row-name">
            <strong>{description().name}</strong>
            <Show when={description().modality}>
              <span class="tag">{description().modality}</span>
            </Show>
            <Show when={description().frames > 1}>
              <span class="tag">{description().frames} frames</span>
            </Show>
            <Show when={description().notes.length > 0}>
              <span class="tag tag-warning" title={description().notes.join("\n")}>
                <Icon name="warning" size={12} />
                {description().notes.length}
              </span>
            </Show>
          </span>
          <span class="muted study-row-facts">
            {formatDims(description().grid.dims)} · {formatSpacing(new ImageGrid(description().grid).spacingMm)}
          </span>
        </span>
        <span class="study-row-when">
          <span>{formatWhen(props.study.openedAt)}</span>
          <span class="muted numbers">{formatBytes(props.study.bytes)}</span>
        </span>
      </button>
      <ButtonTip
        class="icon-button icon-button-danger"
        label={`Delete ${description().name}`}
        placement="left"
        onClick={remove}
      >
        <Icon name="trash" size={16} />
      </ButtonTip>
    </li>
  );
}
