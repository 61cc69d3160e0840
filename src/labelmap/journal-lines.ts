import { VoxelwrightError } from "#base";

/**
 * A journal: the text, bytes or byte stream of an exported file, or entry lines as the store has them. Lines have no line end; a
 * stream of bytes may be cut anywhere.
 */
export type JournalInput = string | Uint8Array | Iterable<string> | AsyncIterable<string | Uint8Array>;

const LINE_FEED = 10;

/**
 * The lines of a journal without their ends. A line that is no UTF-8, or whose end is missing, comes as the error that says so:
 * only the reader knows which line that is.
 */
export async function* journalLines(input: JournalInput): AsyncGenerator<string | VoxelwrightError> {
  if (typeof input === "string") yield* splitText(input);
  else if (input instanceof Uint8Array) yield* splitBytes([input]);
  else yield* splitBytes(input);
}

/** Takes lines as they are and cuts bytes at line feeds. */
async function* splitBytes(
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | VoxelwrightError> {
  let begun: Uint8Array[] = [];
  for await (const part of parts) {
    if (typeof part === "string") {
      yield part;
      continue;
    }
    let start = 0;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, start)) {
      yield decodeLine([...begun, part.subarray(start, end)]);
      begun = [];
      start = end + 1;
    }
    // A copy: a stream may use its buffer again.
    if (start < part.length) begun.push(part.slice(start));
  }
  if (begun.length > 0) yield unended();
}

function* splitText(text: string): Generator<string | VoxelwrightError> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    if (end < 0) {
      yield unended();
      return;
    }
    yield text.slice(start, end);
    start = end + 1;
  }
}

function decodeLine(parts: readonly Uint8Array[]): string | VoxelwrightError {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  } catch {
    return new VoxelwrightError("integrity", "The line is not UTF-8 text.");
  }
}

function unended(): VoxelwrightError {
  return new VoxelwrightError("integrity", "The line has no end: the file was cut off or changed.");
}
