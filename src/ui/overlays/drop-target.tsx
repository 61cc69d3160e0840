import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { SourceFile } from "#sources";
import { type ChosenFiles, filesOf, takeDrop } from "../chosen-files.ts";
import { Icon } from "../parts/icon.tsx";
import { useUi } from "../ui-state.ts";

/** The whole window takes files and folders; with a study open it is asked what they are. */
export function DropTarget(): JSX.Element {
  const ui = useUi();
  const [over, setOver] = createSignal(false);
  // Enter and leave also fire for every element inside; the drag is over the window while more were entered than left.
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  const enter = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    depth++;
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    depth = Math.max(depth - 1, 0);
    if (depth === 0) setOver(false);
  };
  const move = (event: DragEvent): void => {
    if (carriesFiles(event)) event.preventDefault();
  };
  const drop = async (event: DragEvent): Promise<void> => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    depth = 0;
    setOver(false);
    const open = ui.phase() === "open";
    let chosen: ChosenFiles;
    let files: readonly SourceFile[] | undefined;
    try {
      chosen = await takeDrop(event.dataTransfer);
      if (open || "files" in chosen) files = await filesOf(chosen);
    } catch (error) {
      ui.post({
        tone: "error",
        text: `What was dropped could not be read: ${error instanceof Error ? error.message : String(error)}`,
        advice: "Try again, or use Open folder….",
      });
      return;
    }
    if (files?.length === 0) {
      ui.post({
        tone: "warning",
        text: "What was dropped holds no files.",
        advice: "Drop image files, a folder or a zip.",
      });
    } else if (open && files) {
      ui.showDialog({ kind: "dropped", chosen, files });
    } else {
      void ui.run("study.open", { ...chosen, spacingMm: "ask" });
    }
  };
  const onDrop = (event: DragEvent): void => void drop(event);
  onMount(() => {
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", move);
    window.addEventListener("drop", onDrop);
  });
  onCleanup(() => {
    window.removeEventListener("dragenter", enter);
    window.removeEventListener("dragleave", leave);
    window.removeEventListener("dragover", move);
    window.removeEventListener("drop", onDrop);
  });
  return (
    <Show when={over()}>
      <div class="drop-over">
        <div class="drop-over-frame">
          <Icon name="import" size={40} />
          <p>{ui.phase() === "open" ? "Drop a scan, or labels or an overlay for the open study" : "Drop to open"}</p>
          <p class="muted">DICOM folders and zips, NIfTI, NRRD, MetaImage, TIFF. Nothing leaves this computer.</p>
        </div>
      </div>
    </Show>
  );
}
