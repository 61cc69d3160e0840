import type { ExportFile } from "./export-file.ts";

/** Lines collected before they are handed on, in characters. */
const PART = 1 << 16;

/** The journal as JSON lines: each line exactly as it is stored, so that hashes and signatures hold, ended by a line feed. */
export function journalFile(lines: AsyncIterable<string>): ExportFile {
  return { extension: ".journal.jsonl", mediaType: "application/jsonl", chunks: parts(lines), notes: [] };
}

async function* parts(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < PART) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}
