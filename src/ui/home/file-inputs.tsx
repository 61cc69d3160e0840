import { type JSX, onMount } from "solid-js";
import { filesOfInput } from "../dropped-files.ts";
import { useUi } from "../ui-state.ts";

/** The hidden inputs behind every "Open…" button. */
export function FileInputs(): JSX.Element {
  const ui = useUi();
  let files!: HTMLInputElement;
  let folder!: HTMLInputElement;
  let labels!: HTMLInputElement;
  onMount(() => {
    // Not a property that the DOM library's types know for all browsers.
    folder.setAttribute("webkitdirectory", "");
    ui.pickFiles = (purpose) => ({ files, folder, labels })[purpose].click();
  });
  const take = (input: HTMLInputElement, command: "study.open" | "label.import"): void => {
    const chosen = filesOfInput(input.files);
    // The same files can be chosen again.
    input.value = "";
    if (chosen.length > 0) void ui.run(command, { files: chosen });
  };
  return (
    <div hidden>
      <input ref={files} type="file" multiple aria-label="Scan files" onChange={() => take(files, "study.open")} />
      <input ref={folder} type="file" multiple aria-label="Scan folder" onChange={() => take(folder, "study.open")} />
      <input ref={labels} type="file" multiple aria-label="Label files" onChange={() => take(labels, "label.import")} />
    </div>
  );
}
