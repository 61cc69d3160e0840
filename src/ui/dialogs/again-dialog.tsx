import type { JSX } from "solid-js";
import type { SourceFile } from "#sources";
import type { StudyRecord } from "#storage";
import type { ChosenFiles } from "../chosen-files.ts";
import { formatDims } from "../format.ts";
import { FileButton } from "../parts/file-button.tsx";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

interface AgainDialogProps {
  readonly study: StudyRecord;
  readonly command: "study.resume" | "study.repair";
  /** Why they are asked for. */
  readonly why: string;
}

/** Asks for the files of a study again, to go on with its import or to replace what is damaged of it. */
export function AgainDialog(props: AgainDialogProps): JSX.Element {
  const ui = useUi();
  const close = (): void => ui.showDialog(undefined);
  const take = (chosen: ChosenFiles): void => {
    close();
    void ui.run(props.command, { volumeId: props.study.volumeId, ...chosen });
  };
  const takers = {
    onFiles: (files: readonly SourceFile[]) => take({ files }),
    onHandles: (handles: readonly FileSystemHandle[]) => take({ handles }),
  };
  const { name, grid, format } = props.study.description;
  return (
    <Modal
      title={props.command === "study.resume" ? `Go on with ${name}` : `Repair ${name}`}
      size="small"
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <FileButton text="Choose folder…" folder {...takers} />
          <FileButton text="Choose files…" {...takers} />
        </>
      }
    >
      <p>
        {props.why} Choose the same files again: {format}, {formatDims(grid.dims)}.
      </p>
      <p class="muted">
        {props.command === "study.resume"
          ? "What is in stays; only the rest is brought in. Other files are refused."
          : "Only what is damaged is replaced; labels and history stay as they are. Other files are refused."}
      </p>
    </Modal>
  );
}
