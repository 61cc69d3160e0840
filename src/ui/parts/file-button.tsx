import type { SourceFile } from "#sources";
import type { JSX } from "solid-js";
import { filesOfInput } from "../dropped-files.ts";

interface FileButtonProps {
  readonly text: string;
  readonly disabled?: boolean;
  readonly onFiles: (files: readonly SourceFile[]) => void;
}

/** A button that asks for files. */
export function FileButton(props: FileButtonProps): JSX.Element {
  let input!: HTMLInputElement;
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
      <button type="button" class="button" data-first disabled={props.disabled} onClick={() => input.click()}>
        {props.text}
      </button>
    </>
  );
}
