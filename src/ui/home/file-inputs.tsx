import { type JSX, onMount } from "solid-js";
import { askForHandles, filesOfInput } from "../chosen-files.ts";
import { useUi } from "../ui-state.ts";

/** The hidden inputs behind every "Open…" button. */
export function FileInputs(): JSX.Element {
  const ui = useUi();
  let files!: HTMLInputElement;
  let folder!: HTMLInputElement;
  let labels!: HTMLInputElement;
  let overlayFiles!: HTMLInputElement;
  let overlayFolder!: HTMLInputElement;
  onMount(() => {
    // Not a property that the DOM library's types know for all browsers.
    for (const input of [folder, overlayFolder]) input.setAttribute("webkitdirectory", "");
    ui.pickFiles = (purpose) => {
      const input = { files, folder, labels, overlayFiles, overlayFolder }[purpose];
      if (input !== files && input !== folder) input.click();
      else void askForHandles(input, (handles) => void ui.run("study.open", { handles, spacingMm: "ask" }));
    };
  });
  const take = (input: HTMLInputElement, command: "study.open" | "label.import" | "overlay.add"): void => {
    const chosen = filesOfInput(input.files);
    // The same files can be chosen again.
    input.value = "";
    if (chosen.length === 0) return;
    if (command === "label.import") void ui.run(command, { files: chosen });
    else void ui.run(command, { files: chosen, spacingMm: "ask" });
  };
  return (
    <div hidden>
      <input ref={files} type="file" multiple aria-label="Scan files" onChange={() => take(files, "study.open")} />
      <input ref={folder} type="file" multiple aria-label="Scan folder" onChange={() => take(folder, "study.open")} />
      <input ref={labels} type="file" multiple aria-label="Label files" onChange={() => take(labels, "label.import")} />
      <input
        ref={overlayFiles}
        type="file"
        multiple
        aria-label="Overlay files"
        onChange={() => take(overlayFiles, "overlay.add")}
      />
      <input
        ref={overlayFolder}
        type="file"
        multiple
        aria-label="Overlay folder"
        onChange={() => take(overlayFolder, "overlay.add")}
      />
    </div>
  );
}
