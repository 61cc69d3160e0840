import { type JSX, Show } from "solid-js";
import { isAbortError, isVoxelwrightError } from "#base";
import { importedShare } from "#session";
import type { StudyRecord } from "#storage";
import { ImageGrid } from "#volume";
import { messageOfError } from "../error-message.ts";
import { formatBytes, formatDims, formatPercent, formatSpacing, formatWhen } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { useUi } from "../ui-state.ts";
import { StudyPicture } from "../parts/study-picture.tsx";

/** One study: a wide button that opens it or goes on with its import, and delete. */
export function StudyRow(props: { readonly study: StudyRecord }): JSX.Element {
  const ui = useUi();
  const description = () => props.study.description;
  const cutOff = (): boolean => props.study.state === "cut-off";
  const share = (): number => importedShare(props.study);
  /** Asks for the files of the scan where it cannot be read again without them. */
  const again = async (command: "study.resume" | "study.repair"): Promise<void> => {
    const { study } = props;
    try {
      await ui.port.run(command, { volumeId: study.volumeId });
    } catch (error) {
      if (isVoxelwrightError(error) && error.fields["filesNeeded"] === true)
        ui.showDialog({ kind: "again", study, command, why: error.message });
      else if (!isAbortError(error)) ui.post(messageOfError(error, command));
    }
  };
  const open = (): void => {
    if (cutOff()) void again("study.resume");
    else void ui.run("study.reopen", { volumeId: props.study.volumeId });
  };
  const remove = (): void => {
    ui.showDialog({
      kind: "confirm",
      confirm: {
        title: `Delete ${description().name}?`,
        text: "This cannot be undone. The files that it was opened from stay untouched.",
        lost: cutOff()
          ? [`the part of the scan that is in, ${formatBytes(props.study.bytes)}`]
          : [
              "all labels of this study, unless you have exported them",
              "its whole history: undo, authors, signatures",
              `the cached scan, ${formatBytes(props.study.bytes)}`,
            ],
        action: cutOff() ? "Delete import" : "Delete study",
        run: () => void ui.run("study.remove", { volumeId: props.study.volumeId }),
      },
    });
  };
  return (
    <li class="study-row">
      <button
        type="button"
        class="study-open"
        aria-label={`${cutOff() ? "Go on with" : "Open"} ${description().name}`}
        onClick={open}
      >
        <StudyPicture study={props.study} />
        <span class="study-row-text">
          <span class="study-row-name">
            <strong>{description().name}</strong>
            <Show when={description().modality}>
              <span class="tag">{description().modality}</span>
            </Show>
            <Show when={description().frames > 1}>
              <span class="tag">{description().frames} frames</span>
            </Show>
            <Show when={props.study.damaged}>
              <span
                class="tag tag-warning"
                title="Parts of this scan are damaged in the browser's storage and not shown."
              >
                <Icon name="warning" size={12} />
                damaged
              </span>
            </Show>
            <Show when={description().notes.length > 0}>
              <span class="tag tag-warning" title={description().notes.join("\n")}>
                <Icon name="warning" size={12} />
                {description().notes.length}
              </span>
            </Show>
          </span>
          <span class="muted study-row-facts">
            {formatDims(description().grid.dims)} · {formatSpacing(new ImageGrid(description().grid))}
          </span>
          <Show when={cutOff()}>
            <span class="warning-text study-row-cut">
              <span class="meter" aria-hidden="true">
                <span class="meter-fill meter-full" style={{ width: `${share() * 100}%` }} />
              </span>
              Import stopped at {formatPercent(share())}. Click to go on.
            </span>
          </Show>
        </span>
        <span class="study-row-when">
          <span>{formatWhen(props.study.openedAt)}</span>
          <span class="muted numbers">{formatBytes(props.study.bytes)}</span>
        </span>
      </button>
      <Show when={props.study.damaged}>
        <ButtonTip
          class="icon-button"
          label={`Repair ${description().name} from its files`}
          placement="left"
          onClick={() => void again("study.repair")}
        >
          <Icon name="reset" size={16} />
        </ButtonTip>
      </Show>
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
