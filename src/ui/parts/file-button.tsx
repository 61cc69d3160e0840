import type { SourceFile } from "#sources";
import { type JSX, onMount } from "solid-js";
import { askForHandles, filesOfInput } from "../chosen-files.ts";

interface FileButtonProps {
  readonly text: string;
  readonly disabled?: boolean;
  /** Asks for a folder, whose files are given. */
  readonly folder?: boolean;
  readonly onFiles: (files: readonly SourceFile[]) => void;
  /** Where the files may be needed again later: given instead, where the browser has handles. */
  readonly onHandles?: (handles: readonly FileSystemHandle[]) => void;
}

/** A button that asks for files. */
export function FileButton(props: FileButtonProps): JSX.Element {
  let input!: HTMLInputElement;
  onMount(() => {
    // Not a property that the DOM library's types know for all browsers.
    if (props.folder) input.setAttribute("webkitdirectory", "");
  });
  const ask = (): void => {
    if (props.onHandles) void askForHandles(input, props.onHandles);
    else input.click();
  };
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        aria-label={props.text}
        onChange={() => {
          const chosen = filesOfInput(input.files);
          // The same files can be chosen again.
          input.value = "";
          if (chosen.length > 0) props.onFiles(chosen);
        }}
      />
      <button type="button" class="button" data-first={!props.folder} disabled={props.disabled} onClick={ask}>
        {props.text}
      </button>
    </>
  );
}
